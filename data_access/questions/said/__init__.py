"""What is said of figures, in sentences and phrases, by the page that shows them and by a report: a module a page.

`…_seen` says in words what one sees in a chart, beginning with what it is. What quotes the data is for plain text only.
"""

-- Which columns does the source have?
DESCRIBE source

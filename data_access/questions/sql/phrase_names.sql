-- The phrases of these $keys: key, phrase.
SELECT key, any_value(phrase) AS phrase FROM {phrases} WHERE kind = $kind AND list_contains($keys::INTEGER[], key) GROUP BY key

UPDATE account SET email = 'member' || id || '@example.invalid', secret = randomblob(64);

-- A check: it must find no row.
SELECT id FROM account WHERE email NOT LIKE '%@example.invalid';

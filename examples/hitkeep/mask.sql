-- Nobody who visited a site is to be recognized in the demo.
UPDATE hits SET visitor = id % 100;

-- A check: it must find no row.
SELECT * FROM hits WHERE visitor >= 100;

DROP TABLE sample_rows;
DROP TABLE samples;

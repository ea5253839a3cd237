DROP TABLE knowledge_frequencies;

-- What version 3 keeps beside version 2: which lists were summed up, and what came back of which line.
CREATE TABLE IF NOT EXISTS summed (number bigint PRIMARY KEY, summary bigint NOT NULL);
CREATE INDEX IF NOT EXISTS summed_of_summary ON summed (summary);

CREATE TABLE IF NOT EXISTS came_back (
    number bigint NOT NULL,
    line_no integer NOT NULL,
    application bigint NOT NULL,
    quantity numeric(19, 5) NOT NULL,
    PRIMARY KEY (number, line_no, application)
);
CREATE INDEX IF NOT EXISTS came_back_with ON came_back (application);

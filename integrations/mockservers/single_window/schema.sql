-- Memory of the mock single window, version 3. Created by the mock itself, in a database of its own.
CREATE TABLE mock_version (version integer NOT NULL);
INSERT INTO mock_version VALUES (3);

-- Every envelope that was answered, so that the same one again gets the same answer.
CREATE TABLE inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sender text NOT NULL,
    cop_msg_id text NOT NULL,
    message_type text NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (sender, cop_msg_id)
);

-- Those still to be processed, with their business messages, compressed (``bodies.py``).
CREATE TABLE inbox_queue (
    id bigint PRIMARY KEY,
    sender text NOT NULL,
    cop_msg_id text NOT NULL,
    message_type text NOT NULL,
    body bytea NOT NULL,
    stuck text
);
ALTER TABLE inbox_queue ALTER body SET STORAGE EXTERNAL;

CREATE TABLE documents (
    key bigint PRIMARY KEY,
    number bigint NOT NULL,
    kind smallint NOT NULL,
    status integer NOT NULL,
    order_key bigint NOT NULL,
    waybill_key bigint NOT NULL,
    day text NOT NULL,
    receiver text NOT NULL,
    facts text NOT NULL,
    changed_at timestamptz NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX documents_of_order ON documents (order_key) WHERE order_key <> 0;
CREATE INDEX lists_of_waybill ON documents (waybill_key) WHERE kind IN (603, 621);
CREATE UNIQUE INDEX lists_by_number ON documents (number) WHERE kind IN (603, 621);

-- Receipts to come, when time does not stand still.
CREATE TABLE agenda (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key bigint NOT NULL,
    due_at timestamptz NOT NULL,
    code integer NOT NULL,
    words text NOT NULL
);
CREATE INDEX agenda_due ON agenda (due_at, id);
CREATE INDEX agenda_of_document ON agenda (key);

-- Lists whose bills have not all arrived.
CREATE TABLE waiting (
    key bigint PRIMARY KEY,
    order_key bigint NOT NULL,
    waybill_key bigint NOT NULL,
    deadline timestamptz NOT NULL
);

-- Waybills that arrived at the site, or left the country, before their lists came to wait for it.
CREATE TABLE movements (
    waybill_key bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('arrival', 'departure')),
    PRIMARY KEY (waybill_key, kind)
);

-- The national buyer-quota ledger: what each list took, and gave back.
CREATE TABLE quota_entries (
    buyer_key bigint NOT NULL,
    year integer NOT NULL,
    list_key bigint NOT NULL,
    amount numeric(19, 5) NOT NULL
);
CREATE INDEX quota_of_buyer ON quota_entries (buyer_key, year);

CREATE TABLE mailbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receiver text NOT NULL,
    message_type text NOT NULL,
    guid uuid NOT NULL,
    documents integer NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE mailbox ALTER body SET STORAGE EXTERNAL;
CREATE INDEX mailbox_of_receiver ON mailbox (receiver, id);

-- The last serial number given to a document.
CREATE TABLE serial (last bigint NOT NULL);
INSERT INTO serial VALUES (0);

CREATE TABLE settings (name text PRIMARY KEY, value jsonb NOT NULL);

import SQLite

/// The tables that are the same in every replica. What they hold is said beside them; the program's own collections
/// stand in tables of their own, made by `SchemaMigration`.
enum Tables {
    /// "LUGN": how a replica's file says whose it is.
    static let applicationID: Int32 = 0x4C55_474E
    /// The version of these tables. A higher one is refused, a lower one migrated.
    static let formatVersion: Int32 = 1

    static let definition = """
        -- One row: what every write reads and changes.
        CREATE TABLE lugn_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            replica INTEGER NOT NULL,
            clock INTEGER NOT NULL,              -- greatest hybrid timestamp given or received
            received INTEGER NOT NULL,           -- greatest one received or acknowledged
            number INTEGER NOT NULL,             -- last commit made here
            acknowledged INTEGER NOT NULL,       -- last commit the server holds
            acknowledged_time INTEGER NOT NULL,
            position INTEGER NOT NULL,           -- the cursor's position: what a write is based on
            clock_offset INTEGER NOT NULL,       -- milliseconds to add to the wall clock
            fingerprint BLOB NOT NULL,
            rereading INTEGER NOT NULL,          -- 1 while the whole feed is read anew
            healing INTEGER NOT NULL             -- 1 while differences with the server are joined, and nothing is read
        ) STRICT;
        -- One row: what only the session needs.
        CREATE TABLE lugn_link (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            line BLOB, line_name TEXT, server TEXT, token TEXT, name TEXT,
            key_epoch INTEGER, key_secret BLOB,
            log BLOB NOT NULL, cursor_check BLOB NOT NULL,
            acknowledged_digest BLOB NOT NULL,
            incarnation INTEGER NOT NULL,        -- the server process that the replica's id was drawn for
            formerly INTEGER,                    -- the id before, until the server knows that this one goes on from it
            ancestry BLOB NOT NULL,              -- earlier identities, 16 bytes each
            seen BLOB NOT NULL,                  -- version vector of what the tables show, 16 bytes each
            seen_ahead BLOB NOT NULL,            -- what pages added to it, until they reach the log's end
            horizon INTEGER NOT NULL,            -- arrivals are kept for positions above this one
            first_sync_done INTEGER NOT NULL,
            last_sync INTEGER,
            verified INTEGER,                    -- 1 equal, 0 different, NULL not known
            verified_at INTEGER,
            heals INTEGER NOT NULL,              -- healings since the state was last found equal
            healed_under INTEGER NOT NULL,       -- the server process that the last one was with
            healed_through INTEGER NOT NULL,     -- and how far its log went then; 0 once that has been read
            desk INTEGER NOT NULL,
            leases_received INTEGER NOT NULL,
            leases_highest INTEGER NOT NULL
        ) STRICT;
        -- Commits that the server has not acknowledged, in plain form.
        CREATE TABLE lugn_outbox (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            base INTEGER NOT NULL,
            context BLOB,                        -- what had been seen, where base belongs to a lost log
            wall INTEGER NOT NULL,
            change_count INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        -- Mostly empty: what was written while positions could not tell what had been seen.
        CREATE INDEX lugn_outbox_context ON lugn_outbox (number) WHERE context IS NOT NULL;
        -- What had been seen at the bases of commits in the outbox, in case their log is lost.
        CREATE TABLE lugn_context (base INTEGER PRIMARY KEY, seen BLOB NOT NULL) STRICT;
        -- Where recent commits stand in the log, for edits of a snapshot older than the cursor.
        CREATE TABLE lugn_arrival (
            replica INTEGER NOT NULL, time INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (replica, time)
        ) STRICT, WITHOUT ROWID;
        -- Values of siblings that are not the one shown.
        CREATE TABLE lugn_sibling (
            record BLOB NOT NULL, field INTEGER NOT NULL, time INTEGER NOT NULL, replica INTEGER NOT NULL,
            collection INTEGER NOT NULL, value ANY,
            PRIMARY KEY (record, field, time, replica)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE lugn_tombstone (id BLOB PRIMARY KEY, collection INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        -- Records of collections that this schema does not have, as far as merging goes.
        CREATE TABLE lugn_parked_record (
            id BLOB PRIMARY KEY, collection INTEGER NOT NULL, kind INTEGER NOT NULL, parent BLOB, stamps BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        -- Values that cannot be shown: of unknown fields, or not to be opened.
        CREATE TABLE lugn_parked (
            record BLOB NOT NULL, time INTEGER NOT NULL, replica INTEGER NOT NULL,
            collection INTEGER NOT NULL, kind INTEGER NOT NULL, parent BLOB, fields INTEGER NOT NULL,
            live INTEGER NOT NULL, reason INTEGER NOT NULL, position INTEGER NOT NULL,
            epoch INTEGER NOT NULL, nonce BLOB, nonce_index INTEGER NOT NULL,
            payload BLOB NOT NULL,               -- plain for reason 0, sealed for reason 1
            PRIMARY KEY (record, time, replica)
        ) STRICT, WITHOUT ROWID;
        -- Commits the server can never take, with the reason, for people.
        CREATE TABLE lugn_set_aside (
            number INTEGER NOT NULL, time INTEGER NOT NULL, reason INTEGER NOT NULL, at INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        -- Blocks of reference numbers, and how many of each are used.
        CREATE TABLE lugn_lease (
            start INTEGER PRIMARY KEY, count INTEGER NOT NULL, used INTEGER NOT NULL
        ) STRICT;
        -- The schema the collections' tables were made from.
        CREATE TABLE lugn_schema (version INTEGER NOT NULL) STRICT;
        CREATE TABLE lugn_collection (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, kind INTEGER NOT NULL, parent INTEGER
        ) STRICT;
        CREATE TABLE lugn_field (
            collection INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL,
            PRIMARY KEY (collection, number)
        ) STRICT, WITHOUT ROWID;
        """
}

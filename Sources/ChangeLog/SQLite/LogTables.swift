import SQLite

/// The server's tables.
///
/// A record's merge state is its stamp vector, and the vector's entries are the record's live changes: rows of `change`,
/// each with the stamp of its commit and the fields in which it stands. Nothing else is kept per record.
enum LogTables {
    /// "LUGS".
    static let applicationID: Int32 = 0x4C55_4753
    static let formatVersion: Int32 = 1

    static let definition = """
        CREATE TABLE line (
            ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, log BLOB NOT NULL,
            head INTEGER NOT NULL, check_value BLOB NOT NULL, fingerprint BLOB NOT NULL,
            highest_time INTEGER NOT NULL,       -- greatest stamp ever accepted
            key_check BLOB, next_number INTEGER NOT NULL, next_desk INTEGER NOT NULL, created INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE device (
            ref INTEGER PRIMARY KEY, line INTEGER NOT NULL, name TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE,
            joined INTEGER NOT NULL, revoked INTEGER
        ) STRICT;
        CREATE TABLE invitation (
            hash BLOB PRIMARY KEY, line INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE operator (token_hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE origin (
            ref INTEGER PRIMARY KEY, line INTEGER NOT NULL, replica INTEGER NOT NULL,
            device INTEGER,                      -- NULL while only a healing has told of it
            last_number INTEGER NOT NULL, last_digest BLOB NOT NULL, last_time INTEGER NOT NULL,
            seen_time INTEGER NOT NULL,          -- its entry in the line's version vector
            ancestry BLOB NOT NULL, desk INTEGER NOT NULL, leases_given INTEGER NOT NULL,
            last_seen INTEGER NOT NULL, cursor INTEGER NOT NULL, pending INTEGER NOT NULL, oldest_pending INTEGER,
            clock_offset INTEGER NOT NULL, schema_version INTEGER NOT NULL, verified INTEGER,
            successor INTEGER,                   -- the id that its replica went on under
            UNIQUE (line, replica)
        ) STRICT;
        CREATE TABLE lease (
            origin INTEGER NOT NULL, ordinal INTEGER NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (origin, ordinal)
        ) STRICT, WITHOUT ROWID;
        -- key: the line's ref in the high bits, the position in the lower 40.
        CREATE TABLE log (
            key INTEGER PRIMARY KEY, replica INTEGER NOT NULL,
            number INTEGER,                      -- NULL where a healing handed changes out again
            time INTEGER NOT NULL, base INTEGER NOT NULL, nonce BLOB NOT NULL, digest BLOB, check_value BLOB NOT NULL
        ) STRICT;
        -- By line first: lines are strictly apart, also where both know a replica of one id.
        CREATE UNIQUE INDEX log_number ON log (key >> 40, replica, number) WHERE number IS NOT NULL;
        -- Replicas of whose writes a healing has told that no commit here tells of. Mostly empty.
        CREATE INDEX origin_healed ON origin (line) WHERE seen_time > last_time;
        -- position: the commit's key, and the change's index in 14 bits.
        CREATE TABLE change (
            position INTEGER PRIMARY KEY, record BLOB NOT NULL, collection INTEGER NOT NULL, parent BLOB,
            kind INTEGER NOT NULL, fields INTEGER NOT NULL,
            live INTEGER NOT NULL,               -- the fields in which it is a sibling
            contested INTEGER NOT NULL,          -- those of them in which it is not the only one
            epoch INTEGER NOT NULL, nonce_index INTEGER NOT NULL, sealed BLOB NOT NULL
        ) STRICT;
        CREATE INDEX change_record ON change (record);
        CREATE INDEX change_parent ON change (parent) WHERE parent IS NOT NULL;
        -- Ids that are gone. state 1: erased by somebody; 2: below something erased.
        CREATE TABLE gone (
            line INTEGER NOT NULL, record BLOB NOT NULL, state INTEGER NOT NULL, PRIMARY KEY (line, record)
        ) STRICT, WITHOUT ROWID;
        """
}

/// How positions of all lines share one 64-bit key.
enum LogKey {
    static let positionBits: Int64 = 40
    static let indexBits: Int64 = 14

    static func commit(_ line: Int64, _ position: UInt64) -> Int64 { line << positionBits | Int64(position) }
    static func change(_ line: Int64, _ position: UInt64, _ index: Int) -> Int64 {
        commit(line, position) << indexBits | Int64(index)
    }
    static func position(ofChange key: Int64) -> UInt64 {
        UInt64(key >> indexBits) & (1 << UInt64(positionBits) - 1)
    }
}

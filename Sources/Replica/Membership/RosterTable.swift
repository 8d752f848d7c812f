import SQLite
import SyncProtocol
import Trust

/// The line's roster as this workstation has verified it, and the boxes with its keys. Owner of `lugn_roster`, `lugn_box`,
/// `lugn_wanted` and `lugn_signed_entry`.
struct RosterTable {
    let connection: Connection

    static let definition = """
        -- Signed entries, each verified before it came in.
        CREATE TABLE lugn_roster (number INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;
        -- The line's keys, sealed to this workstation. Several of one epoch where somebody made a bad one.
        CREATE TABLE lugn_box (epoch INTEGER NOT NULL, box BLOB NOT NULL, PRIMARY KEY (epoch, box)) STRICT, WITHOUT ROWID;
        -- What this workstation wrote on a branch of the roster that does not count, until it is written again.
        CREATE TABLE lugn_wanted (ordinal INTEGER PRIMARY KEY, act BLOB NOT NULL) STRICT;
        -- The entry that this workstation signed last: sent again, and no other one for the same place.
        CREATE TABLE lugn_signed_entry (one INTEGER PRIMARY KEY CHECK (one = 1), entry BLOB NOT NULL) STRICT;
        """

    /// Nil before the workstation belongs to a line.
    func roster() throws -> Roster? {
        let entries = try connection.withStatement("SELECT entry FROM lugn_roster ORDER BY number") { row in
            var entries: [SignedEntry] = []
            while try row.step() { entries.append(try SignedEntry(encoded: row.bytes(0))) }
            return entries
        }
        return entries.isEmpty ? nil : try Roster(entries, verifying: false)
    }

    /// Keeps the entries of a roster from a number on, and none beyond.
    func replace(from number: Int, by roster: Roster) throws {
        try connection.withStatement("DELETE FROM lugn_roster WHERE number >= ?") { row in
            try row.bind(1, number)
            try row.run()
        }
        for entry in roster.entries[number...] {
            try connection.withStatement("INSERT INTO lugn_roster (number, entry) VALUES (?, ?)") { row in
                try row.bind(1, Int64(entry.entry.number))
                try row.bind(2, entry.encoded())
                try row.run()
            }
        }
    }

    /// Forgets the line.
    func clear() throws {
        for table in ["lugn_roster", "lugn_box", "lugn_wanted", "lugn_signed_entry"] {
            try connection.execute("DELETE FROM \(table)")
        }
    }

    func signedEntry() throws -> SignedEntry? {
        try connection.withStatement("SELECT entry FROM lugn_signed_entry") { row in
            try row.step() ? try SignedEntry(encoded: row.bytes(0)) : nil
        }
    }

    func keepSigned(_ entry: SignedEntry) throws {
        try connection.withStatement("INSERT OR REPLACE INTO lugn_signed_entry (one, entry) VALUES (1, ?)") { row in
            try row.bind(1, entry.encoded())
            try row.run()
        }
    }

    func wanted() throws -> [(ordinal: Int64, act: RosterAct)] {
        try connection.withStatement("SELECT ordinal, act FROM lugn_wanted ORDER BY ordinal") { row in
            var wanted: [(Int64, RosterAct)] = []
            while try row.step() { wanted.append((row.integer(0), try RosterAct(encoded: row.bytes(1)))) }
            return wanted
        }
    }

    func want(_ act: RosterAct) throws {
        try connection.withStatement("INSERT INTO lugn_wanted (act) VALUES (?)") { row in
            try row.bind(1, act.encoded())
            try row.run()
        }
    }

    func removeWanted(_ ordinal: Int64) throws {
        try connection.withStatement("DELETE FROM lugn_wanted WHERE ordinal = ?") { row in
            try row.bind(1, ordinal)
            try row.run()
        }
    }

    func boxes() throws -> [(epoch: UInt32, box: [UInt8])] {
        try connection.withStatement("SELECT epoch, box FROM lugn_box ORDER BY epoch DESC") { row in
            var boxes: [(UInt32, [UInt8])] = []
            while try row.step() { boxes.append((UInt32(truncatingIfNeeded: row.integer(0)), row.bytes(1))) }
            return boxes
        }
    }

    /// True if one of them was new.
    func keep(_ boxes: [EpochBox]) throws -> Bool {
        var isNew = false
        for box in boxes {
            try connection.withStatement("INSERT OR IGNORE INTO lugn_box (epoch, box) VALUES (?, ?)") { row in
                try row.bind(1, Int64(box.epoch))
                try row.bind(2, box.box)
                try row.run()
            }
            if try connection.integer("SELECT changes()") ?? 0 > 0 { isNew = true }
        }
        return isNew
    }
}

/// A value of a row on its way from one store to another.
enum Cell: Hashable, Sendable {
    case null
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
}

/// A table as both stores have it: its columns by PostgreSQL's names, the key's first, and how SQLite's rows say the same.
struct MovedTable: Sendable {
    enum Kind: Sendable { case big, small, boolean, text, bytes }
    struct Column: Sendable {
        var name: String
        var kind: Kind
        /// What SQLite reads it by; nil: a column of the same name.
        var sqliteRead: String?
    }

    var name: String
    /// Whether its rows belong to a line, which comes before the key then.
    var isOfLine = true
    var keys: Int
    var columns: [Column]
    /// Which rows are a line's in SQLite; `:line` is its number there.
    var sqliteLine = "line = :line"
    /// Which rows come behind a key, where the columns of the key are not SQLite's own; and their order then.
    var sqliteAfter: (condition: String, order: String)?
    /// What SQLite writes beside, or in another way than, the columns of the same names: `:name` is the column's value.
    var sqliteWrite: [(column: String, expression: String)] = [("line", ":line")]
    /// Columns that SQLite has not.
    var sqliteLacks: Set<String> = []
}

extension MovedTable {
    private static func big(_ name: String, _ read: String? = nil) -> Column {
        Column(name: name, kind: .big, sqliteRead: read)
    }
    private static func small(_ name: String, _ read: String? = nil) -> Column {
        Column(name: name, kind: .small, sqliteRead: read)
    }
    private static func bytes(_ name: String, _ read: String? = nil) -> Column {
        Column(name: name, kind: .bytes, sqliteRead: read)
    }
    private static func text(_ name: String) -> Column { Column(name: name, kind: .text) }
    private static func boolean(_ name: String) -> Column { Column(name: name, kind: .boolean) }

    private static let position = "position >> \(LogKey.indexBits) & \(LogKey.lastPosition)"
    private static let ordinal = "position & \(1 << LogKey.indexBits - 1)"
    private static let changeKey =
        "((:line << \(LogKey.lineBits)) | (:position << \(LogKey.indexBits)) | :ordinal)"
    private static let lastChangeKey =
        "(:line << \(LogKey.lineBits) | \(LogKey.lastPosition << UInt64(LogKey.indexBits) | (1 << UInt64(LogKey.indexBits) - 1)))"
    private static let ofDevice = "device IN (SELECT ref FROM device WHERE line = :line)"

    /// Of the store as a whole, in an order in which they may be written.
    static let ofStore = [
        MovedTable(
            name: "operator", isOfLine: false, keys: 1,
            columns: [bytes("id"), bytes("signing_key"), text("label"), bytes("line"), big("added")], sqliteWrite: []),
        MovedTable(
            name: "invitation", isOfLine: false, keys: 1,
            columns: [
                bytes("id"), small("kind"), bytes("line"), text("line_name"), bytes("signing_key"), big("made"),
                big("expires"), bytes("author"), bytes("signature"), small("state"), boolean("contested"),
                bytes("offer"), bytes("lead"), bytes("lead_random"), bytes("random"),
            ], sqliteWrite: []),
        MovedTable(
            name: "invitation_secret", isOfLine: false, keys: 2,
            columns: [bytes("invitation"), bytes("device"), bytes("box")], sqliteWrite: []),
        MovedTable(
            name: "audit", isOfLine: false, keys: 1, columns: [big("number"), bytes("entry"), bytes("request")],
            sqliteWrite: []),
        MovedTable(
            name: "awaited_line", isOfLine: false, keys: 1, columns: [bytes("line", "id"), text("name")],
            sqliteWrite: [("id", ":line")], sqliteLacks: ["line"]),
    ]

    /// Of one line.
    static let ofLines = [
        MovedTable(
            name: "device", keys: 1,
            columns: [
                bytes("id"), big("device", "ref"), bytes("signing_key"), small("role"), small("standing"),
                big("admitted"), big("blocked"), text("label"),
            ], sqliteWrite: [("line", ":line"), ("ref", ":device")], sqliteLacks: ["device"]),
        MovedTable(name: "recovery", keys: 1, columns: [bytes("id"), bytes("signing_key")]),
        MovedTable(name: "roster_entry", keys: 1, columns: [big("number"), bytes("entry")]),
        MovedTable(
            name: "epoch_box", keys: 3, columns: [bytes("device"), big("epoch"), bytes("author"), bytes("box")]),
        MovedTable(
            name: "checkpoint", keys: 1, columns: [big("device"), big("epoch"), bytes("sealed")],
            sqliteLine: ofDevice, sqliteWrite: []),
        MovedTable(
            name: "unsent_part", keys: 2,
            columns: [big("device"), big("number"), big("parts"), big("received"), bytes("page"), big("attempt")],
            sqliteLine: ofDevice, sqliteWrite: []),
        MovedTable(
            name: "replica", keys: 1,
            columns: [
                big("replica"), big("device"), big("last_number"), bytes("last_digest"), big("desk"),
                big("leases_given"), big("last_seen"), big("position", "cursor"), big("pending"),
                big("oldest_pending"), big("clock_offset"), big("schema_version", "schema"), boolean("verified"),
                big("agreed"), text("program"), big("set_aside"), big("unopened"), big("numbers_left"),
            ], sqliteWrite: [("line", ":line"), ("cursor", ":position"), ("schema", ":schema_version")],
            sqliteLacks: ["position", "schema_version"]),
        MovedTable(
            name: "lease", keys: 1,
            columns: [big("start"), big("amount", "count"), big("replica"), big("ordinal")],
            sqliteWrite: [("line", ":line"), ("count", ":amount")], sqliteLacks: ["amount"]),
        MovedTable(
            name: "log", keys: 1,
            columns: [
                big("position", "key & \(LogKey.lastPosition)"), big("time"), big("dot"), big("replica"),
                big("number"), bytes("nonce"), bytes("check_value"), bytes("digest"),
            ], sqliteLine: "key >> \(LogKey.positionBits) = :line",
            sqliteAfter: (
                "key > (:line << \(LogKey.positionBits) | :position) "
                    + "AND key <= (:line << \(LogKey.positionBits) | \(LogKey.lastPosition))", "key"
            ), sqliteWrite: [("key", ":line << \(LogKey.positionBits) | :position")], sqliteLacks: ["position"]),
        MovedTable(
            name: "change", keys: 2,
            columns: [
                big("position", position), small("ordinal", ordinal), small("kind"), bytes("record"), bytes("parent"),
                big("collection"), big("fields"), big("live"), big("epoch"), big("nonce_index"),
                bytes("ancestors", "coalesce(ancestors, x'')"), bytes("replaced", "coalesce(replaced, x'')"),
                bytes("hash"), bytes("sealed"),
            ], sqliteLine: "position >> \(LogKey.lineBits) = :line",
            sqliteAfter: ("position > \(changeKey) AND position <= \(lastChangeKey)", "position"),
            sqliteWrite: [
                ("position", changeKey), ("ancestors", "nullif(:ancestors, x'')"),
                ("replaced", "nullif(:replaced, x'')"),
            ], sqliteLacks: ["ordinal"]),
        MovedTable(name: "path", keys: 2, columns: [bytes("ancestor"), bytes("record")]),
        MovedTable(
            name: "tombstone", keys: 1,
            columns: [bytes("record"), big("position", position), small("ordinal", ordinal)],
            sqliteWrite: [("line", ":line"), ("position", changeKey)], sqliteLacks: ["ordinal"]),
        MovedTable(
            name: "restoration", keys: 1, columns: [big("began", "at"), big("devices"), big("completed")],
            sqliteWrite: [("line", ":line"), ("at", ":began")], sqliteLacks: ["began"]),
        MovedTable(
            name: "damaged", keys: 3,
            columns: [
                big("position", position), small("ordinal", ordinal), big("found"), bytes("record"),
                big("collection"), small("kind"), big("sealed_bytes"),
            ], sqliteWrite: [("line", ":line"), ("position", changeKey)], sqliteLacks: ["ordinal"]),
    ]
}

/// What a field holds. The comments give its form in SQLite and on the wire.
public enum FieldType: Int, Sendable {
    /// TEXT; a CBOR text string.
    case text = 1
    /// INTEGER of 64 bits; a CBOR integer.
    case integer = 2
    /// REAL; a CBOR float.
    case real = 3
    /// INTEGER 0 or 1; a CBOR boolean.
    case boolean = 4
    /// TEXT, `2017-02-01`; the same as a CBOR text string.
    case date = 5
    /// INTEGER, milliseconds since 1970 in UTC; a CBOR integer.
    case timestamp = 6
    /// BLOB; a CBOR byte string.
    case blob = 7
    /// BLOB of 16 bytes, a record's id; a CBOR byte string.
    case reference = 8

    var sqlType: String {
        switch self {
        case .text, .date: "TEXT"
        case .integer, .boolean, .timestamp: "INTEGER"
        case .real: "REAL"
        case .blob, .reference: "BLOB"
        }
    }
}

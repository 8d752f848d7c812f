import PostgreSQL
import SyncProtocol

/// The table `restoration`: which lines stand on less than they had, and since when all their workstations have brought back
/// what is missing.
enum RestorationRows {
    static let all = SQLStatement("SELECT line, began, devices, completed FROM restoration")
    static let beginning = SQLStatement(
        """
        INSERT INTO restoration (line, began, devices, completed) VALUES ($1, $2, $3, NULL)
        ON CONFLICT (line) DO UPDATE SET began = excluded.began, devices = excluded.devices, completed = NULL
        """)
    static let ending = SQLStatement("UPDATE restoration SET completed = $2 WHERE line = $1 AND completed IS NULL")
    static let statements = [beginning, ending]

    static func decode(_ rows: Rows) -> [LineID: Restoration] {
        var found: [LineID: Restoration] = [:]
        for index in rows.indices {
            let row = rows[index]
            guard let line = LineID(row.bytes(0)) else { continue }
            found[line] = Restoration(
                at: row.integer(1), devices: Int(row.integer(2)), completed: row.optionalInteger(3))
        }
        return found
    }
}

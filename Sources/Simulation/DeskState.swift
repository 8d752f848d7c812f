import Merge
import Replica
import SQLite

/// What a workstation shows, and what stands beside it.
struct DeskState {
    /// Every write whose value stands, per place.
    private(set) var values: [Oracle.Place: Set<Int>] = [:]
    /// The write that is shown, per place.
    private(set) var shown: [Oracle.Place: Int] = [:]
    private(set) var plants: Set<Int> = []
    /// How often each note is there.
    private(set) var notes: [Int: Int] = [:]
    /// All of it as text, for comparison; `common` is what the older schema has too.
    private(set) var common: [String] = []
    private(set) var newer: [String] = []
    /// Places where another value than that of the greatest stamp is shown.
    private(set) var misplaced: [Oracle.Place] = []
    private var states: [Oracle.Place: (state: RecordState, field: Int)] = [:]

    /// - Parameter isDamaged: a row may have been lost, and what stood beside its values be left.
    init(_ replica: Replica, isNewer: Bool, records: Int, isDamaged: Bool = false) throws {
        let names = Names(records: records)
        self = try replica.read { snapshot in
            var state = DeskState()
            try state.readPlants(snapshot, names, isNewer: isNewer)
            try state.readLeaves(snapshot, names)
            try state.readNotes(snapshot)
            if isNewer { try state.readTools(snapshot, names) }
            try state.readSiblings(snapshot, names, isDamaged: isDamaged)
            return state
        }
    }

    private init() {}

    /// Where values stand, in order.
    var places: [Oracle.Place] { values.keys.sorted() }

    private mutating func readPlants(_ snapshot: borrowing Snapshot, _ names: Names, isNewer: Bool) throws {
        let columns = isNewer ? "id, stamps, name, height, soil" : "id, stamps, name, height"
        try read(snapshot, "SELECT \(columns) FROM plants ORDER BY id", names) { state, row, record, stamps in
            state.plants.insert(record)
            state.take(row, 2, .init(record: record, kind: .name), stamps, field: 1)
            state.take(row, 3, .init(record: record, kind: .height), stamps, field: 2)
            if isNewer { state.take(row, 4, .init(record: record, kind: .soil), stamps, field: 3) }
        }
    }

    private mutating func readLeaves(_ snapshot: borrowing Snapshot, _ names: Names) throws {
        try read(snapshot, "SELECT id, stamps, name FROM leaves ORDER BY id", names) { state, row, record, stamps in
            state.take(row, 2, .init(record: record, kind: .leafName), stamps, field: 1)
        }
    }

    private mutating func readTools(_ snapshot: borrowing Snapshot, _ names: Names) throws {
        try read(snapshot, "SELECT id, stamps, name FROM tools ORDER BY id", names) { state, row, record, stamps in
            state.take(row, 2, .init(record: record, kind: .toolName), stamps, field: 1)
        }
    }

    private mutating func read(
        _ snapshot: borrowing Snapshot, _ sql: String, _ names: Names,
        _ body: (inout DeskState, borrowing Statement, Int, RecordState) -> Void
    ) throws {
        try snapshot.connection.withStatement(sql) { row in
            while try row.step() {
                guard let id = row.halves(0), let stamps = try? RecordState(row, 1),
                    let record = names.record(RecordID(high: id.high, low: id.low))
                else { throw Violation("damage", "a row cannot be read") }
                body(&self, row, record, stamps)
            }
        }
    }

    private mutating func take(
        _ row: borrowing Statement, _ column: Int, _ place: Oracle.Place, _ vector: RecordState, field: Int
    ) {
        states[place] = (vector, field)
        guard !row.isNull(column) else { return }
        let text = row.text(column)
        let write = place.kind == .height ? Int(row.integer(column)) : Notebook.write(of: text) ?? -1
        values[place, default: []].insert(write)
        shown[place] = write
        note("\(place): \(text)", place)
    }

    private mutating func note(_ line: String, _ place: Oracle.Place) {
        if place.kind == .soil || place.kind == .toolName { newer.append(line) } else { common.append(line) }
    }

    private mutating func readNotes(_ snapshot: borrowing Snapshot) throws {
        let texts = try snapshot.query("SELECT text FROM remarks ORDER BY id") { $0.text(0) }
        for text in texts {
            notes[Notebook.write(of: text) ?? -1, default: 0] += 1
            common.append("note: \(text)")
        }
    }

    private mutating func readSiblings(_ snapshot: borrowing Snapshot, _ names: Names, isDamaged: Bool) throws {
        try snapshot.connection.withStatement(
            """
            SELECT record, collection, field, value, dot FROM lugn_sibling ORDER BY record, field, dot
            """
        ) { row in
            while try row.step() {
                guard let id = row.halves(0),
                    let place = names.place(RecordID(high: id.high, low: id.low), row.integer(1), row.integer(2))
                else { throw Violation("damage", "a sibling cannot be read") }
                let dot = Dot(rawValue: UInt64(bitPattern: row.integer(4)))
                guard let (state, number) = states[place], let stamp = state.entry(of: dot)?.stamp,
                    state.fields(of: dot).contains(number)
                else {
                    if isDamaged { continue }
                    throw Violation("damage", "a sibling stands nowhere")
                }
                if let winner = state.winner(of: number), winner < stamp { misplaced.append(place) }
                let text = row.text(3)
                let write = place.kind == .height ? Int(text) ?? -1 : Notebook.write(of: text) ?? -1
                values[place, default: []].insert(write)
                note("beside \(place): \(text) \(stamp.time.rawValue) \(stamp.dot)", place)
            }
        }
    }
}

/// Which record an id is of.
private struct Names {
    private var records: [RecordID: Int] = [:]

    init(records count: Int) {
        for record in 0..<max(2, count) {
            records[Notebook.plant(record)] = record
            records[Notebook.leaf(record)] = record
            records[Notebook.tool(record)] = record
        }
    }

    func record(_ id: RecordID) -> Int? { records[id] }

    func place(_ id: RecordID, _ collection: Int64, _ field: Int64) -> Oracle.Place? {
        guard let record = records[id] else { return nil }
        switch (collection, field) {
        case (1, 1): return .init(record: record, kind: .name)
        case (1, 2): return .init(record: record, kind: .height)
        case (1, 3): return .init(record: record, kind: .soil)
        case (3, 1): return .init(record: record, kind: .leafName)
        case (4, 1): return .init(record: record, kind: .toolName)
        default: return nil
        }
    }
}

import Merge
import PostgreSQL
import SQLite
import Support
public import SyncProtocol

/// Moves a store from a file to a database or back, while no server works on either: every row, with the lines' logs as they
/// are, so that workstations notice nothing.
///
/// It is resumable: rows are copied in the order of their keys, and one that was stopped goes on behind the last row that
/// arrived. Until it has ended, no server takes what it moves to for a store. What was moved is compared: the number of rows of
/// every table, every change with the hash that was taken when it came in, and the lines' sums with their changes.
public struct StoreMove {
    public enum Place: Sendable {
        /// SQLite's file. One that is moved to is another file than the store's, which the caller renames at the end.
        case file(String)
        case database(address: String, allowsUnverified: Bool)
    }
    public struct Progress: Sendable {
        public var line: String
        public var rows: Int64
        public var total: Int64
    }

    private let source: any MoveEnd
    private let target: any MoveEnd
    private static let stretchRows = 250

    /// Opens both. Errors: `unusable` for what cannot be moved from, or holds a store already; nothing was changed then.
    public init(from: Place, to: Place) throws {
        do {
            switch from {
            case .file(let path): source = try SQLiteMoveEnd(from: path)
            case .database(let address, let allowsUnverified):
                source = try PostgreSQLMoveEnd(
                    from: DatabaseAddress(address, allowsUnverified: allowsUnverified))
            }
            switch to {
            case .file(let path): target = try SQLiteMoveEnd(to: path)
            case .database(let address, let allowsUnverified):
                target = try PostgreSQLMoveEnd(to: DatabaseAddress(address, allowsUnverified: allowsUnverified))
            }
        } catch { throw Self.told(error) }
    }

    /// - Parameter progress: called after each stretch; what it throws ends the move there.
    /// - Returns: the lines that were moved.
    public func run(progress: (Progress) throws -> Void = { _ in }) throws -> [LineID] {
        do {
            let lines = try source.lines()
            for table in MovedTable.ofStore { try copy(table, from: nil, to: nil) { _ in } }
            for (index, line) in lines.enumerated() { try move(line, index, progress) }
            guard try source.lines() == lines else {
                throw ChangeLogError(
                    .unusable,
                    "somebody has written to the store while it was moved; it is untouched: empty what was moved "
                        + "to, and begin again with all servers stopped")
            }
            try target.finish(generation: source.generation())
            return lines.map(\.id)
        } catch { throw Self.told(error) }
    }

    private func move(_ line: LineState, _ index: Int, _ progress: (Progress) throws -> Void) throws {
        let there = try target.adopted(line, index: index)
        var state = Progress(line: line.name, rows: 0, total: 0)
        for table in MovedTable.ofLines {
            state.total += try source.count(table, of: line)
            state.rows += try target.count(table, of: there)
        }
        for table in MovedTable.ofLines {
            try copy(table, from: line, to: there) { count in
                state.rows += Int64(count)
                try progress(state)
            }
        }
        // The line itself comes last: without it nothing of it is served.
        if try !target.lines().contains(where: { $0.id == line.id }) { try target.insert(there, index: index) }
        try compare(line, there)
    }

    private func copy(
        _ table: MovedTable, from line: LineState?, to there: LineState?, _ copied: (Int) throws -> Void
    ) throws {
        var key = try target.lastKey(table, of: there)
        while true {
            let rows = try source.rows(table, of: line, after: key, limit: Self.stretchRows)
            guard let last = rows.last else { return }
            try target.insert(rows, into: table, of: there)
            key = Array(last.prefix(table.keys))
            try copied(rows.count)
        }
    }

    private func compare(_ line: LineState, _ there: LineState) throws {
        for table in MovedTable.ofLines {
            let (before, after) = (try source.count(table, of: line), try target.count(table, of: there))
            guard before == after else {
                throw ChangeLogError(
                    .unusable,
                    "of the line \(line.name) \(after) rows of \(table.name) arrived, and it has \(before); the old store is "
                        + "untouched: empty what was moved to, and begin again with all servers stopped")
            }
        }
        guard var arrived = try target.lines().first(where: { $0.id == line.id }) else {
            throw ChangeLogError(.unusable, "the line \(line.name) did not arrive; the old store is untouched")
        }
        (arrived.ref, arrived.scrub) = (line.ref, line.scrub)
        guard arrived == line, try target.look(line.id)?.isSound == true else {
            throw ChangeLogError(
                .unusable,
                "the line \(line.name) is not what was moved, or was damaged before; the old store is untouched: look at it "
                    + "with lugn-admin verify, empty what was moved to, and begin again with all servers stopped")
        }
    }

    private static func told(_ error: any Error) -> any Error {
        switch error {
        case let error as PostgreSQLError: ChangeLogError(error)
        case let error as SQLiteError: ChangeLogError(error)
        default: error
        }
    }
}

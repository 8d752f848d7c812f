import Merge
import SyncProtocol

/// One of the two stores of a move: its rows, a stretch at a time, in the order of their keys.
protocol MoveEnd {
    func generation() throws -> UInt64
    func lines() throws -> [LineState]
    /// - Parameter key: of the row behind which they begin; nil: with the first.
    func rows(_ table: MovedTable, of line: LineState?, after key: [Cell]?, limit: Int) throws -> [[Cell]]
    /// The greatest key that there is; nil where there is no row.
    func lastKey(_ table: MovedTable, of line: LineState?) throws -> [Cell]?
    func count(_ table: MovedTable, of line: LineState?) throws -> Int64
    /// What is wrong with a line's rows, by the hashes that were taken when they came in, and its sums.
    func look(_ line: LineID) throws -> LineVerification?

    // MARK: Of the one that is moved to

    /// In one transaction.
    func insert(_ rows: [[Cell]], into table: MovedTable, of line: LineState?) throws
    /// The line as it is to be here, its number among them.
    func adopted(_ line: LineState, index: Int) throws -> LineState
    func insert(_ line: LineState, index: Int) throws
    /// Everything is there: from now on it is a store like any other.
    func finish(generation: UInt64) throws
}

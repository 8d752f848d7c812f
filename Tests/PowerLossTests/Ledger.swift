import Merge

/// One of the computers of a story.
enum Machine: String, CaseIterable, Sendable {
    case server, first, second
    static let desks: [Machine] = [.first, .second]
    var file: String { self == .server ? "server.db" : "replica.db" }
}

/// What people were told was saved, and what they only tried: the truth that the files are held against.
struct Ledger: Sendable {
    struct Write: Sendable {
        var machine: Machine
        var record: RecordID
        var parent: RecordID?
        /// Column and value, such as `name=oak`.
        var value: String
        /// The values that its writer had in view and replaced.
        var replaces: [String]
        var isConfirmed = false
    }

    struct Erasure: Sendable {
        var machine: Machine
        var record: RecordID
        var isConfirmed = false
    }

    var writes: [Write] = []
    var erasures: [Erasure] = []
    var isLineConfirmed = false
    var joined: Set<Machine> = []
    private var count: UInt64 = 0

    /// The next record's id: the same in every run of a story.
    mutating func makeID() -> RecordID {
        count += 1
        return RecordID(milliseconds: 1_700_000_000_000 + Int64(count), randomHigh: count, randomLow: count)
    }

    /// What a workstation shows of each record, beside the value as it is shown those it stands in conflict with.
    typealias View = [RecordID: Set<String>]

    /// What is missing from a view, of writes confirmed at the machine, or anywhere for nil; or is there in spite of
    /// a confirmed erasure.
    func problems(in view: View, of machine: Machine?) -> [String] {
        var problems: [String] = []
        for write in writes where write.isConfirmed && (machine == nil || write.machine == machine) {
            if isErased(write, in: view) || isRepresented(write, in: view) { continue }
            problems.append("\(write.value), confirmed at \(write.machine), is gone")
        }
        for erasure in erasures where erasure.isConfirmed && (machine == nil || erasure.machine == machine) {
            let below = writes.filter { $0.parent == erasure.record }.map(\.record)
            for record in [erasure.record] + below where view[record] != nil {
                problems.append("a record whose erasure was confirmed at \(erasure.machine) is back")
            }
        }
        return problems
    }

    /// What is there although its writer was told that it was not saved.
    func unsaved(in view: View, of machine: Machine) -> [String] {
        let written = writes.filter { !$0.isConfirmed && $0.machine == machine }.filter {
            view[$0.record]?.contains($0.value) == true
        }
        let erased = erasures.filter { !$0.isConfirmed && $0.machine == machine }.filter { view[$0.record] == nil }
        return written.map { "\($0.value) was refused and is there" } + erased.map { _ in "a refused erasure was done" }
    }

    /// Somebody erased it, or tried to and may have succeeded.
    private func isErased(_ write: Write, in view: View) -> Bool {
        guard view[write.record] == nil else { return false }
        return erasures.contains { $0.record == write.record || $0.record == write.parent }
    }

    /// It stands, or something does that was written with it in view.
    private func isRepresented(_ write: Write, in view: View) -> Bool {
        if view[write.record]?.contains(write.value) == true { return true }
        return writes.contains { other in
            other.record == write.record && other.replaces.contains(write.value) && isRepresented(other, in: view)
        }
    }
}

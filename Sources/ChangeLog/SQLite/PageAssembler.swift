import Merge
import SQLite
import SyncProtocol

/// A commit of the log without its changes.
struct FeedCommitHead {
    var position: UInt64
    var stamp: Stamp
    var nonce: [UInt8]
    /// A healing has handed its change out again.
    var isReissued: Bool
}

/// Builds the page, commit by commit: a commit's head says how many changes follow, so that they are encoded first.
struct PageAssembler {
    private(set) var page = CBORWriter()
    private(set) var commitCount = 0
    private var head: FeedCommitHead?
    private var changes = CBORWriter()
    private var changeCount = 0
    private let target: Int
    private static let smallBytes = 65_536

    init(target: Int) { self.target = target }

    /// Enough for one page, with at least one commit in it.
    var isFull: Bool { commitCount > 0 && page.bytes.count >= target }

    /// The position of the latest commit; 0 before the first.
    var position: UInt64 { head?.position ?? 0 }

    mutating func begin(_ head: FeedCommitHead) {
        self.head = head
        changes.reset()
        changeCount = 0
    }

    /// Adds a change whose sealed values stand in a column: from the store's page straight into this one.
    mutating func append(
        index: UInt64, header: ChangeHeader, live: FieldMask, siblings: [StampVector.Entry],
        sealedIn row: borrowing Statement, column: Int
    ) {
        unsafe row.withBytes(column) { sealed in
            unsafe changes.feedChange(index: index, header: header, live: live, siblings: siblings, sealed: sealed)
        }
        changeCount += 1
    }

    mutating func endCommit() {
        guard changeCount > 0, let head else { return }
        // Small pages are most; a large one is not grown step by step.
        if page.bytes.count < Self.smallBytes, page.bytes.count + changes.bytes.count >= Self.smallBytes {
            page.bytes.reserveCapacity(target + 2 * changes.bytes.count)
        }
        page.feedCommitHead(position: head.position, stamp: head.stamp, nonce: head.nonce, changeCount: changeCount)
        page.bytes.append(contentsOf: changes.bytes)
        commitCount += 1
        changeCount = 0
    }
}

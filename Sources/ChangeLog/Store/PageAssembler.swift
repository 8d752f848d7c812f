import Merge
import SyncProtocol

/// A commit of the log without its changes.
struct FeedCommitHead {
    var position: UInt64
    var stamp: Stamp
    var nonce: [UInt8]
    /// Who wrote the commit, and under which number; nil where changes are handed out to everybody.
    var replica: ReplicaID?
    var number: UInt64?
}

/// Builds the page, commit by commit, each change straight into it.
///
/// A commit's head says how many changes follow, which is known at its end. It is written as if there were as many as in the
/// commit before, and put right then: the commit has to be moved only where another number needs another length.
struct PageAssembler {
    private(set) var page = CBORWriter()
    private(set) var commitCount = 0
    private var head: FeedCommitHead?
    private var commitStart = 0
    private var changesStart = 0
    private var changeCount = 0
    private var expectedCount = 1
    private let target: Int
    private static let smallBytes = 65_536

    init(target: Int) { self.target = target }

    /// Enough for one page, with at least one commit in it.
    var isFull: Bool { commitCount > 0 && page.bytes.count >= target }

    /// At least one change has to follow.
    mutating func begin(_ head: FeedCommitHead) {
        // Small pages are most; a large one is not grown step by step.
        if page.bytes.count > Self.smallBytes, page.bytes.capacity < target {
            page.bytes.reserveCapacity(target + target / 8)
        }
        self.head = head
        changeCount = 0
        commitStart = page.bytes.count
        page.feedCommitHead(head, changeCount: expectedCount)
        changesStart = page.bytes.count
    }

    /// Adds a change; its sealed values go from the store's memory straight into the page.
    @unsafe mutating func append(index: UInt64, header: ChangeHeader, sealed: UnsafeBufferPointer<UInt8>) {
        unsafe page.feedChange(index: index, header: header, sealed: sealed)
        changeCount += 1
    }

    /// A commit of which no change could be read leaves nothing behind.
    mutating func endCommit() {
        guard let head else { return }
        self.head = nil
        guard changeCount > 0 else { return page.bytes.removeSubrange(commitStart...) }
        if changeCount != expectedCount {
            var right = CBORWriter()
            right.feedCommitHead(head, changeCount: changeCount)
            page.bytes.replaceSubrange(commitStart..<changesStart, with: right.bytes)
            expectedCount = changeCount
        }
        commitCount += 1
        changeCount = 0
    }
}

extension CBORWriter {
    fileprivate mutating func feedCommitHead(_ head: FeedCommitHead, changeCount: Int) {
        feedCommitHead(position: head.position, stamp: head.stamp, nonce: head.nonce, changeCount: changeCount)
    }
}

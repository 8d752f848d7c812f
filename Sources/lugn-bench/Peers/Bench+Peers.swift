import Merge

/// A peer's part in a workload: its figure for each run.
struct PeerRun {
    var name: String
    var figure: (Int) throws -> Double
}

extension Bench {
    /// The engines that there are here: the session extension always, others by their files.
    private var kinds: [(type: any Peer.Type, library: String?)] {
        guard hasPeers else { return [] }
        var kinds: [(type: any Peer.Type, library: String?)] = [(SessionPeer.self, nil)]
        if let library = peers[CRSQLitePeer.name] { kinds.append((CRSQLitePeer.self, library)) }
        return kinds
    }

    /// The names that `--peer` takes.
    static let peerNames = [CRSQLitePeer.name]

    func peersInserting(_ parts: [Range<Int>], key: @escaping (Int) -> RecordID) -> [PeerRun] {
        kinds.map { $0.type.inserting(self, $0.library, parts, key) }
    }

    func peersUpdating(_ ids: [RecordID], _ edited: [RecordID], _ parts: [Range<Int>]) throws -> [PeerRun] {
        try kinds.map { try $0.type.updating(self, $0.library, ids, edited, parts) }
    }

    /// New records, into an empty file or again into one that has them.
    func peersMerging(_ ids: [RecordID], _ parts: [Range<Int>], again: Bool) throws -> [PeerRun] {
        try kinds.map { try $0.type.merging(self, $0.library, ids, parts, again: again) }
    }

    func peersWinning(_ ids: [RecordID], _ edited: [RecordID], _ parts: [Range<Int>]) throws -> [PeerRun] {
        try kinds.map { try $0.type.winning(self, $0.library, ids, edited, parts) }
    }
}

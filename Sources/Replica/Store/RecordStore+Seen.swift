import Merge

extension RecordStore {
    /// What had been seen, without the replicas some of whose changes could not be opened here: those have not been seen.
    func opened(_ seen: VersionVector) throws -> VersionVector {
        let unopened = Set(try parked.items(where: "reason = 1").map(\.stamp.replica))
        if unopened.isEmpty { return seen }
        return VersionVector(stamps: seen.sorted.filter { !unopened.contains($0.replica) })
    }
}

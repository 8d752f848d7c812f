import Support

/// Names for disks: SQLite knows each by one that no other has had in this process.
enum DiskNames {
    private static let count = Lock<UInt64>(0)

    static func next() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "simulated-disk-\(number)"
    }
}

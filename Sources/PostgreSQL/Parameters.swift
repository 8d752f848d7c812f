/// A statement's parameters, in PostgreSQL's binary form: numbers big-endian, a `uuid` as its 16 bytes.
public struct Parameters: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each begins and how long it is; -1 for NULL.
    private(set) var places: [(start: Int, length: Int)] = []

    init() {}

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    public mutating func addNull() { places.append((0, -1)) }

    /// A `bigint`.
    public mutating func add(_ value: Int64?) {
        guard let value else { return addNull() }
        add { $0.append(value.bigEndian) }
    }
    /// A `bigint` of the same bits.
    public mutating func add(word: UInt64) { add(Int64(bitPattern: word)) }
    public mutating func add(word: UInt64?) { add(word.map { Int64(bitPattern: $0) }) }
    /// An `integer`.
    public mutating func add(_ value: Int32) { add { $0.append(value.bigEndian) } }
    /// A `smallint`.
    public mutating func add(_ value: Int16) { add { $0.append(value.bigEndian) } }
    /// A `boolean`.
    public mutating func add(_ value: Bool?) {
        guard let value else { return addNull() }
        add { $0.bytes.append(value ? 1 : 0) }
    }
    /// A `text`. PostgreSQL keeps no NUL in a text; they are left out.
    public mutating func add(_ value: String) {
        let utf8 = value.utf8.contains(0) ? value.utf8.filter { $0 != 0 } : Array(value.utf8)
        add { $0.bytes.append(contentsOf: utf8) }
    }
    public mutating func add(optional value: String?) {
        if let value { add(value) } else { addNull() }
    }
    /// A `bytea`, or the 16 bytes of a `uuid`.
    public mutating func add(_ value: (some Collection<UInt8>)?) {
        guard let value else { return addNull() }
        add { $0.bytes.append(contentsOf: value) }
    }
    /// A `uuid`, or a `bytea` of 16 bytes.
    public mutating func add(high: UInt64, low: UInt64) {
        add {
            $0.append(high.bigEndian)
            $0.append(low.bigEndian)
        }
    }
    /// A `bigint[]`.
    public mutating func add(words: some Collection<UInt64>) {
        add {
            $0.arrayHead(of: 20, count: words.count)
            for word in words {
                $0.append(Int32(8).bigEndian)
                $0.append(word.bigEndian)
            }
        }
    }
    /// A `uuid[]`.
    public mutating func add(uuids: some Collection<(high: UInt64, low: UInt64)>) {
        add {
            $0.arrayHead(of: 2_950, count: uuids.count)
            for uuid in uuids {
                $0.append(Int32(16).bigEndian)
                $0.append(uuid.high.bigEndian)
                $0.append(uuid.low.bigEndian)
            }
        }
    }

    private mutating func add(_ body: (inout Parameters) -> Void) {
        let start = bytes.count
        body(&self)
        places.append((start, bytes.count - start))
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }

    /// One dimension without NULLs, counted from 1; source: array_recv in PostgreSQL's arrayfuncs.c.
    private mutating func arrayHead(of element: Int32, count: Int) {
        append(Int32(count == 0 ? 0 : 1).bigEndian)
        append(Int32(0))
        append(element.bigEndian)
        if count == 0 { return }
        append(Int32(count).bigEndian)
        append(Int32(1).bigEndian)
    }
}

import Merge
import SyncProtocol
import Testing

/// What a message may hold at most, and which values contradict each other: read and refused at the right place.
@Suite("Ranges and limits")
struct RangeTests {
    static let limits = Limits()

    func code(_ body: () throws -> Void) -> ProtocolError.Code? {
        do {
            try body()
            return nil
        } catch { return (error as? ProtocolError)?.code }
    }

    func read(_ change: SealedChange, limits: Limits = Limits()) -> ProtocolError.Code? {
        var writer = CBORWriter()
        writer.change(change)
        return code {
            var reader = CBORReader(writer.bytes)
            _ = try reader.change(limits: limits)
            try reader.finish()
        }
    }

    func read(_ request: SyncRequest) -> ProtocolError.Code? {
        code { _ = try SyncRequest(encoded: request.encoded()) }
    }
    func read(_ request: HealRequest) -> ProtocolError.Code? {
        code { _ = try HealRequest(encoded: request.encoded()) }
    }
    func read(_ response: SyncResponse) -> ProtocolError.Code? {
        code { _ = try SyncResponse(encoded: response.encoded()) }
    }

    // MARK: Headers

    static let contradictions: [(String, SealedChange, @Sendable (inout ChangeHeader) -> Void)] = [
        (
            "a put without fields", Examples.put,
            {
                $0.fields = .empty; $0.replaced = .none
            }
        ),
        ("values in an erasure", Examples.erase, { $0.fields = FieldMask(field: 1) }),
        ("a record below itself", Examples.add, { $0.parent = $0.record }),
        ("a record among its ancestors", Examples.add, { $0.ancestors.append($0.record) }),
        ("ancestors without a parent", Examples.add, { $0.parent = nil }),
        ("a note that replaces something", Examples.add, { $0.replaced = Examples.replaced }),
        ("an erasure that replaces something", Examples.erase, { $0.replaced = Examples.replaced }),
        ("names in a field that is not set", Examples.put, { $0.fields = FieldMask(rawValue: 0b0011) }),
    ]

    @Test("a header that no sound replica writes is refused", arguments: contradictions.indices)
    func headers(index: Int) {
        let (name, sound, change) = Self.contradictions[index]
        #expect(read(sound) == nil)
        var broken = sound
        change(&broken.header)
        #expect(read(broken) == .invalidValue, "\(name)")
    }

    @Test("a note may be without fields, and an erasure below a parent")
    func emptyNote() {
        var note = Examples.add
        note.header.fields = .empty
        #expect(read(note) == nil)
        #expect(Examples.erase.header.parent != nil)
        #expect(read(Examples.erase) == nil)
    }

    @Test("as many ancestors as the limit says are read, one more is refused")
    func ancestors() {
        var change = Examples.add
        change.header.ancestors = (0..<Limits.ancestors).map { RecordID(high: 7, low: UInt64($0)) }
        #expect(read(change) == nil)
        change.header.ancestors.append(RecordID(high: 8, low: 0))
        #expect(read(change) == .limit)
    }

    @Test("as many names as the limit says are read, one more is refused")
    func names() {
        func named(_ count: Int) -> SealedChange {
            var change = Examples.put
            change.header.replaced = ReplacedDots(
                sorted: (0..<count).map { .init(dot: Dot(rawValue: UInt64($0)), fields: FieldMask(rawValue: 1)) })!
            return change
        }
        #expect(read(named(Limits.replacedDots)) == nil)
        #expect(read(named(Limits.replacedDots + 1)) == .limit)
    }

    /// A change whose list of names is written by hand.
    private func withNames(_ count: Int, _ names: [(dot: UInt64, fields: UInt64)], odd: Bool = false) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(9)
        writer.unsigned(0); writer.unsigned(1); writer.record(Examples.record); writer.null()
        writer.unsigned(3); writer.unsigned(1); writer.array(0)
        writer.array(count)
        for name in names {
            writer.unsigned(name.dot)
            writer.unsigned(name.fields)
        }
        if odd { writer.unsigned(1) }
        writer.data([])
        return writer.bytes
    }

    @Test(
        "names out of order, twice, without fields, or in half a pair are refused",
        arguments: [
            ([(1, 1), (2, 2)], false, nil), ([(2, 1), (1, 1)], false, .notDeterministic),
            ([(1, 1), (1, 2)], false, .notDeterministic), ([(1, 0)], false, .notDeterministic),
            ([(1, 1)], true, .invalidValue),
        ] as [([(UInt64, UInt64)], Bool, ProtocolError.Code?)])
    func namesInOrder(names: [(UInt64, UInt64)], odd: Bool, expected: ProtocolError.Code?) {
        let bytes = withNames(2 * names.count + (odd ? 1 : 0), names.map { (dot: $0.0, fields: $0.1) }, odd: odd)
        #expect(
            code {
                var reader = CBORReader(bytes)
                _ = try reader.change(limits: Self.limits)
            } == expected)
    }

    @Test("an array within an array that says it is longer than the bytes reserves nothing")
    func nestedArrays() {
        for count in [Limits.replacedDots * 2, 1_000] {
            #expect(
                code {
                    var reader = CBORReader(withNames(count, []))
                    _ = try reader.change(limits: Self.limits)
                } == .truncated)
        }
    }

    @Test("a value above the limit is refused, and one at it is read")
    func values() {
        var limits = Limits()
        limits.commitBytes = 3
        #expect(read(Examples.put, limits: limits) == nil)
        limits.commitBytes = 2
        #expect(read(Examples.put, limits: limits) == .limit)
    }

    // MARK: Commits

    static let brokenRequests: [(String, @Sendable (inout SyncRequest) -> Void)] = [
        ("a gap in the numbers", { $0.commits[1].number = 9 }),
        ("a number twice", { $0.commits[1].number = 7 }),
        ("times that do not rise", { $0.commits[1].stamp.time = $0.commits[0].stamp.time }),
        ("commits that begin elsewhere", { $0.acknowledged = 5 }),
        (
            "a number beyond 2⁴⁸",
            {
                $0.acknowledged = SealedCommit.numberLimit; $0.commits = []
            }
        ),
        ("a position beyond 2⁴⁸", { $0.cursor.position = Cursor.positionLimit }),
        ("a clock beyond 2⁵³", { $0.clock = 1 << 53 + 1 }),
        ("a clock far before 1970", { $0.clock = .min }),
        ("an oldest commit beyond 2⁵³", { $0.oldestPending = .max }),
        ("a schema beyond 2⁴⁸", { $0.schema = 1 << 48 }),
        ("more pending than numbers", { $0.pending = SealedCommit.numberLimit }),
        ("leases beyond 2⁴⁸", { $0.leases.highest = 1 << 48 }),
    ]

    @Test("a request out of range is refused", arguments: brokenRequests.indices)
    func requests(index: Int) {
        let (name, change) = Self.brokenRequests[index]
        #expect(read(Examples.request) == nil)
        var broken = Examples.request
        change(&broken)
        #expect(read(broken) == .invalidValue, "\(name)")
    }

    @Test("a commit may have as many changes as the limit says, and no more")
    func changes() {
        var limits = Limits()
        limits.commitChanges = 3
        #expect(code { _ = try SyncRequest(encoded: Examples.request.encoded(), limits: limits) } == nil)
        limits.commitChanges = 2
        #expect(code { _ = try SyncRequest(encoded: Examples.request.encoded(), limits: limits) } == .limit)
    }

    // MARK: Answers

    @Test(
        "a server's clock outside 1970 to 2199 is none",
        arguments: [
            (0, nil), (HybridTimestamp.implausible.milliseconds - 1, nil),
            (HybridTimestamp.implausible.milliseconds, .invalidValue), (-1, .invalidValue), (.max, .invalidValue),
            (.min, .invalidValue),
        ] as [(Int64, ProtocolError.Code?)])
    func serverTimes(time: Int64, expected: ProtocolError.Code?) {
        var response = Examples.response
        response.serverTime = time
        #expect(read(response) == expected)
        var healed = Examples.healed
        healed.serverTime = time
        #expect(code { _ = try HealResponse(encoded: healed.encoded()) } == expected)
        var joined = Examples.joined
        joined.serverTime = time
        #expect(code { _ = try JoinResponse(encoded: joined.encoded()) } == expected)
        var desks = Examples.desks
        desks.serverTime = time
        #expect(code { _ = try DesksResponse(encoded: desks.encoded()) } == expected)
    }

    @Test("every outcome comes back as it was, with what belongs to it")
    func outcomes() throws {
        let outcomes: [SyncResponse.Outcome] = [
            .done, .forked, .diverged, .clock(digest: Examples.digest),
            .refused(number: 1, digest: Examples.digest, reason: .tooLarge),
            .refused(number: 1, digest: Examples.digest, reason: .tooManyChanges),
            .refused(number: 1, digest: Examples.digest, reason: .malformed),
        ]
        for outcome in outcomes {
            var response = Examples.response
            response.outcome = outcome
            #expect(try SyncResponse(encoded: response.encoded()) == response)
        }
    }

    @Test("an answer out of range is refused")
    func responses() {
        var response = Examples.response
        response.heldNumber = SealedCommit.numberLimit
        #expect(read(response) == .invalidValue)
        response = Examples.response
        response.leases = (0...Limits.leases).map { Lease(ordinal: UInt64($0), start: 0, count: 1) }
        #expect(read(response) == .limit)
        response.leases = [Lease(ordinal: 1, start: 0, count: 1 << 20)]
        #expect(read(response) == .invalidValue)
        response = Examples.response
        response.desk = 1 << 32
        #expect(read(response) == .invalidValue)
    }

    // MARK: Healing

    static let brokenHealings: [(String, HealRequest, @Sendable (inout HealRequest) -> Void)] = [
        ("a beginning that compares", Examples.compare, { $0.start = nil }),
        ("a beginning that joins", Examples.heal, { $0.start = nil }),
        ("one that compares and joins", Examples.heal, { $0.compared = Examples.compare.compared }),
        (
            "an item outside its range", Examples.heal,
            { $0.parts[0].range = RecordRange(after: $0.parts[0].items[0].change.header.record) }
        ),
        (
            "a range that ends before it begins", Examples.heal,
            { $0.parts = [HealPart(range: RecordRange(after: Examples.parent, through: Examples.record), items: [])] }
        ),
        (
            "an empty range", Examples.compare,
            { $0.compared[0].range = RecordRange(after: Examples.parent, through: Examples.parent) }
        ),
        ("an index beyond a commit's changes", Examples.heal, { $0.parts[0].items[0].index = 10_000 }),
    ]

    @Test("a healing that contradicts itself is refused", arguments: brokenHealings.indices)
    func healings(index: Int) {
        let (name, sound, change) = Self.brokenHealings[index]
        #expect(read(sound) == nil)
        var broken = sound
        change(&broken)
        #expect(read(broken) == .invalidValue, "\(name)")
    }

    @Test("as many ranges as the limit says are compared, and no more")
    func ranges() {
        var request = Examples.compare
        request.compared = Array(repeating: request.compared[0], count: HealRequest.maximumCompared)
        #expect(read(request) == nil)
        request.compared.append(request.compared[0])
        #expect(read(request) == .limit)
    }

    @Test("items may nest as deep as the limit says, wherever a later version adds something", arguments: [16, 17])
    func depth(count: Int) {
        var bytes = Examples.healed.encoded()
        bytes[0] += 1
        bytes += [0x18, 0x63] + [UInt8](repeating: 0x81, count: count) + [0xF6]
        #expect(code { _ = try HealResponse(encoded: bytes) } == (count == 16 ? nil : .limit))
    }

    @Test("names of workstations and lines are at most 200 bytes of UTF-8")
    func texts() {
        var request = Examples.join
        request.name = String(repeating: "å", count: 100)
        #expect(code { _ = try JoinRequest(encoded: request.encoded()) } == nil)
        request.name += "a"
        #expect(code { _ = try JoinRequest(encoded: request.encoded()) } == .limit)
        request = Examples.join
        request.invitation = String(repeating: "a", count: JoinRequest.invitationBytes + 1)
        #expect(code { _ = try JoinRequest(encoded: request.encoded()) } == .limit)
    }

    @Test("counts of workstations that contradict each other are refused")
    func desks() {
        for change in [{ $0.unsent = 5 }, { $0.silent = 5 }, { $0.unverified = 5 }, { $0.others = 1 << 32 }]
            as [(inout DesksResponse) -> Void]
        {
            var response = Examples.desks
            change(&response)
            #expect(code { _ = try DesksResponse(encoded: response.encoded()) } == .invalidValue)
        }
    }

    @Test("ranges that hold an id in common overlap, whatever their order")
    func disjoint() {
        func id(_ value: UInt64) -> RecordID { RecordID(high: 1, low: value) }
        func range(_ after: UInt64?, _ through: UInt64?) -> RecordRange {
            RecordRange(after: after.map(id), through: through.map(id))
        }
        #expect([RecordRange]().areDisjoint && [RecordRange.all].areDisjoint)
        #expect([range(nil, 3), range(3, 5), range(5, nil)].areDisjoint)
        #expect([range(5, nil), range(nil, 3), range(3, 4)].areDisjoint)
        #expect(![RecordRange.all, .all].areDisjoint)
        #expect(![range(nil, 3), range(2, 5)].areDisjoint)
        #expect(![range(7, 9), range(nil, 3), range(2, nil)].areDisjoint)
        #expect(![range(nil, 3), range(nil, 1)].areDisjoint)
    }
}

import ChangeLog
import Merge
import SyncProtocol

/// What the fuzzer's bytes do to a request.
enum Mutations {
    // MARK: Parts

    static func record(_ choices: inout Choices, _ standing: Standing) -> RecordID {
        let choice = choices.below(12)
        if choice == 11 { return RecordID(high: choices.number(), low: choices.number()) }
        if choice > 8, let last = standing.rows.last { return last.header.record }
        return FuzzedDesk.record(UInt64(choice))
    }

    static func replica(_ choices: inout Choices) -> ReplicaID {
        let known =
            FuzzedDesk.replicasA + [FuzzedDesk.replicaB, ReplicaID(rawValue: 3), ReplicaID(rawValue: 0xC1)]
            + [FuzzedDesk.replicasA[0], FuzzedDesk.replicaB].map { FuzzedDesk.next(after: $0, 1) }
        let choice = choices.below(known.count + 1)
        return choice < known.count ? known[choice] : ReplicaID(rawValue: choices.number())
    }

    /// That of a write that stands, or near one, or any.
    static func stamp(_ choices: inout Choices, _ standing: Standing) -> Stamp {
        if !standing.rows.isEmpty, !choices.oneIn(3) {
            var stamp = standing.rows[choices.below(standing.rows.count)].stamp
            if choices.oneIn(4) { stamp.time.rawValue &+= UInt64(choices.byte()) }
            if choices.oneIn(4) { stamp.dot.rawValue ^= UInt64(choices.byte()) }
            return stamp
        }
        let now = HybridTimestamp(milliseconds: SessionTemplate.now, counter: UInt16(choices.byte() % 4))
        let time =
            switch choices.below(4) {
            case 0, 1: now
            case 2: HybridTimestamp(rawValue: choices.number())
            // From a few seconds to some centuries ahead, near enough to be a date.
            default: HybridTimestamp(milliseconds: SessionTemplate.now + Int64(choices.byte()) << (choices.byte() % 36))
            }
        return Stamp(time: time, dot: Dot(rawValue: choices.number()))
    }

    /// Dots of the record's own writes, or of any.
    static func replaced(
        of record: RecordID, in fields: FieldMask, _ choices: inout Choices, _ standing: Standing
    ) -> ReplacedDots {
        // As a sound desk has it, which has read everything.
        var replaced = standing.reading.states[record]?.replaced(byWriting: fields) ?? .none
        switch choices.below(6) {
        case 0: replaced = .none
        case 1: replaced = replaced.intersection(FieldMask(rawValue: UInt64(choices.byte())))
        case 2:
            for element in replaced.elements where choices.oneIn(2) { replaced = replaced.removing(element.dot) }
        case 3:
            for _ in 0...choices.below(3) {
                let shared = fields.intersection(FieldMask(rawValue: UInt64(choices.byte())))
                replaced.insert(stamp(&choices, standing).dot, fields: shared)
            }
        default: break
        }
        return replaced
    }

    /// Ranges without overlap, in order: all of the records, or less.
    static func ranges(_ choices: inout Choices, _ standing: Standing) -> [RecordRange] {
        let bounds = Set((0..<choices.below(4)).map { _ in record(&choices, standing) }).sorted()
        let afters = [nil] + bounds.map { $0 as RecordID? }
        var ranges = zip(afters, bounds.map { $0 as RecordID? } + [nil]).map { RecordRange(after: $0, through: $1) }
        if ranges.count > 1, choices.oneIn(3) { ranges.remove(at: choices.below(ranges.count)) }
        return ranges
    }

    /// A change of any kind, most often one that fits its record.
    static func header(_ choices: inout Choices, _ standing: Standing) -> ChangeHeader {
        let record = record(&choices, standing)
        let known = standing.rows.first { $0.header.record == record }?.header
        var header =
            known
            ?? ChangeHeader(
                kind: .put, collection: 1, record: record, parent: nil, fields: FieldMask(rawValue: 1),
                epoch: SessionTemplate.epoch)
        header.fields = FieldMask(rawValue: UInt64(choices.byte() % 8))
        if header.fields.isEmpty, header.kind == .put { header.fields = FieldMask(rawValue: 1) }
        switch choices.below(8) {
        case 0:
            header.kind = .erase
            header.fields = .empty
        case 1:
            header.kind = .add
            header.collection = 2
            header.parent = self.record(&choices, standing)
        case 2: header.parent = self.record(&choices, standing)
        case 3: mutate(&header, &choices, standing)
        default: break
        }
        if header.kind == .erase { header.fields = .empty }
        header.replaced =
            header.kind == .put ? replaced(of: header.record, in: header.fields, &choices, standing) : .none
        return header
    }

    private static func mutate(_ header: inout ChangeHeader, _ choices: inout Choices, _ standing: Standing) {
        switch choices.below(8) {
        case 6: header.ancestors = (0..<choices.below(9)).map { _ in record(&choices, standing) }
        case 7: header.replaced.insert(stamp(&choices, standing).dot, fields: FieldMask(rawValue: choices.number()))
        case 0: header.kind = ChangeHeader.Kind(rawValue: choices.byte() % 3) ?? .put
        case 1: header.collection = UInt32(truncatingIfNeeded: choices.number())
        case 2: header.record = record(&choices, standing)
        case 3: header.parent = choices.oneIn(2) ? nil : record(&choices, standing)
        case 4: header.fields = FieldMask(rawValue: choices.number())
        default: header.epoch = UInt32(truncatingIfNeeded: choices.number())
        }
    }

    private static func alter(_ bytes: inout [UInt8], _ choices: inout Choices) {
        guard !bytes.isEmpty else { return }
        bytes[choices.below(bytes.count)] ^= choices.byte()
    }

    private static func cursor(_ cursor: inout Cursor, _ choices: inout Choices) {
        switch choices.below(5) {
        case 0: cursor = .start
        case 1: cursor.position = choices.number()
        case 2: alter(&cursor.log, &choices)
        case 3: alter(&cursor.check, &choices)
        default: cursor.position &-= UInt64(choices.byte() % 4)
        }
    }

    /// Bytes changed, put in, or taken out.
    static func damage(_ body: inout [UInt8], _ choices: inout Choices) {
        for _ in 0...choices.below(3) {
            let place = body.isEmpty ? 0 : Int(choices.number() % UInt64(body.count))
            switch choices.below(4) {
            case 0 where !body.isEmpty: body[place] ^= 1 << (choices.byte() % 8)
            case 1 where !body.isEmpty: body[place] = choices.byte()
            case 2 where !body.isEmpty: body.removeSubrange(place..<min(body.count, place + 1 + choices.below(16)))
            default: body.insert(contentsOf: choices.take(1 + choices.below(8)), at: place)
            }
        }
    }

    // MARK: Requests

    static func mutate(
        _ request: inout SyncRequest, _ choices: inout Choices, _ standing: Standing, _ site: SessionSite
    ) {
        switch choices.below(16) {
        case 0: request.replica = replica(&choices)
        case 1: request.line = choices.oneIn(2) ? LineID(choices.take(16)) ?? request.line : site.template.otherLine
        case 3: cursor(&request.cursor, &choices)
        case 4: request.acknowledged = choices.oneIn(2) ? choices.number() : request.acknowledged &+ 1
        case 5: alter(&request.acknowledgedDigest, &choices)
        case 6: request.pageBytes = choices.number()
        case 7: request.wait = choices.number()
        case 8: request.includeOwn.toggle()
        case 9:
            request.leases = LeaseState(
                received: choices.number(), wanted: choices.number(), highest: choices.number())
        case 10:
            request.pending = choices.number()
            request.oldestPending = Int64(truncatingIfNeeded: choices.number())
            request.clock = Int64(truncatingIfNeeded: choices.number())
            request.schema = choices.number()
        case 11: request.fingerprint = Fingerprint(value: UInt128(choices.number()))
        case 2: request.pageBytes = choices.oneIn(2) ? 0 : 1
        default: mutate(&request.commits, &choices, standing)
        }
    }

    private static func mutate(_ commits: inout [SealedCommit], _ choices: inout Choices, _ standing: Standing) {
        guard !commits.isEmpty else { return }
        let place = choices.below(commits.count)
        switch choices.below(14) {
        case 0: commits.remove(at: place)
        case 1: commits.insert(commits[place], at: place)
        case 2: commits.swapAt(place, choices.below(commits.count))
        case 3: commits[place].number = choices.number()
        case 4: commits[place].stamp.time = HybridTimestamp(rawValue: choices.number())
        case 5: commits[place].stamp.time = stamp(&choices, standing).time
        case 6: commits[place].stamp.dot = stamp(&choices, standing).dot
        case 7: commits[place].stamp = stamp(&choices, standing)
        case 8: alter(&commits[place].digest, &choices)
        case 9: alter(&commits[place].nonce, &choices)
        case 10: commits[place].changes = []
        case 11: commits[place].changes += commits[choices.below(commits.count)].changes
        default:
            guard !commits[place].changes.isEmpty else { return }
            let change = choices.below(commits[place].changes.count)
            mutate(&commits[place].changes[change], &choices, standing)
        }
    }

    private static func mutate(_ change: inout SealedChange, _ choices: inout Choices, _ standing: Standing) {
        switch choices.below(4) {
        case 0: change.sealed = change.sealed.prefix(choices.below(64))
        case 1: change.sealed = [UInt8](repeating: choices.byte(), count: 8 * Int(choices.byte()))[...]
        default: mutate(&change.header, &choices, standing)
        }
    }

    static func mutate(
        _ request: inout HealRequest, _ choices: inout Choices, _ standing: Standing, _ site: SessionSite
    ) {
        switch choices.below(16) {
        case 0: request.replica = replica(&choices)
        case 1: request.line = choices.oneIn(2) ? LineID(choices.take(16)) ?? request.line : site.template.otherLine
        case 2: request.start = nil
        case 3, 4:
            var start = request.start ?? standing.cursor
            cursor(&start, &choices)
            request.start = start
        case 5, 6: alter(&request.nonce, &choices)
        case 7: request.parts = []
        case 8, 9: mutateRanges(of: &request, &choices, standing)
        default:
            guard !request.parts.isEmpty else { return }
            let part = choices.below(request.parts.count)
            mutate(&request.parts[part], &choices, standing)
        }
    }

    private static func mutateRanges(of request: inout HealRequest, _ choices: inout Choices, _ standing: Standing) {
        if !request.compared.isEmpty, choices.oneIn(2) {
            let place = choices.below(request.compared.count)
            switch choices.below(3) {
            case 0: request.compared.insert(request.compared[place], at: place)
            case 1: request.compared[place].range.after = record(&choices, standing)
            default: request.compared[place].range.through = record(&choices, standing)
            }
        } else if !request.parts.isEmpty {
            let place = choices.below(request.parts.count)
            switch choices.below(5) {
            case 0: request.parts.insert(request.parts[place], at: place)
            case 1: request.parts.remove(at: place)
            case 2: request.parts.swapAt(place, choices.below(request.parts.count))
            case 3: request.parts[place].range.after = choices.oneIn(2) ? nil : record(&choices, standing)
            default: request.parts[place].range.through = choices.oneIn(2) ? nil : record(&choices, standing)
            }
        }
    }

    private static func mutate(_ part: inout HealPart, _ choices: inout Choices, _ standing: Standing) {
        guard !part.items.isEmpty else { return }
        let place = choices.below(part.items.count)
        switch choices.below(6) {
        case 0: part.items.append(part.items[place])
        case 1: part.items[place].index = choices.number()
        case 2: part.items[place].stamp = stamp(&choices, standing)
        case 3: part.items.remove(at: place)
        default: mutate(&part.items[place].change, &choices, standing)
        }
    }
}

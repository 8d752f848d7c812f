import JSON
import Merge
import Testing

/// The join rule: changes that come in every order, and what stands of them.
@Suite("Vectors of merging")
struct MergeVectorTests {
    /// A change as somebody writes it, who may name himself.
    private struct Written {
        let entry: RecordState.Entry
        let json: JSONValue

        init(_ time: UInt64, _ dot: UInt64, _ fields: UInt64, _ replaced: [(UInt64, UInt64)] = []) {
            entry = RecordState.Entry(time, dot, fields, replaced)
            json = [
                Vectors.number(time), Vectors.number(dot), Vectors.number(fields),
                .array(replaced.map { [Vectors.number($0.0), Vectors.number($0.1)] }),
            ]
        }
    }

    private static let cases: [(name: String, changes: [Written])] = [
        ("one change", [Written(5, 1, 3)]),
        ("the later of two that saw nothing is shown, and both stand", [Written(5, 1, 1), Written(6, 2, 1)]),
        ("of equal times the greater dot is shown", [Written(5, 1 << 63, 1), Written(5, 1, 1)]),
        ("a change that names another replaces it, whatever its time", [Written(9, 1, 1), Written(5, 2, 1, [(1, 1)])]),
        (
            "a change in the middle that never comes",
            [Written(5, 1, 1), Written(7, 3, 1, [(1, 1), (2, 1)])]
        ),
        (
            "a chain of three",
            [Written(5, 1, 1), Written(6, 2, 1, [(1, 1)]), Written(7, 3, 1, [(1, 1), (2, 1)])]
        ),
        (
            "a conflict that is settled",
            [
                Written(5, 1, 1), Written(6, 2, 1, [(1, 1)]), Written(7, 3, 1, [(1, 1)]),
                Written(8, 4, 1, [(1, 1), (2, 1), (3, 1)]),
            ]
        ),
        (
            "fields go one by one",
            [Written(5, 1, 7), Written(6, 2, 2, [(1, 2)]), Written(7, 3, 5, [(1, 4)]), Written(4, 4, 8)]
        ),
        ("a name in another field says nothing", [Written(5, 1, 3), Written(6, 2, 3, [(1, 1)])]),
        ("names of changes that nobody has", [Written(5, 1, 1, [(70, 1), (71, 1)]), Written(6, 2, 1, [(72, 1)])]),
        (
            "who names a change, and not what that one names, replaces nothing",
            [
                Written(5, 1, 1, [(9, 1)]), Written(6, 2, 1, [(1, 1)]),
            ]
        ),
        (
            "who names less in one of two fields replaces in the other",
            [
                Written(5, 1, 3, [(9, 2)]), Written(6, 2, 3, [(1, 3)]),
            ]
        ),
        ("two that name each other both stand", [Written(5, 1, 1, [(2, 1)]), Written(6, 2, 1, [(1, 1)])]),
        (
            "two that name each other and themselves both stand",
            [
                Written(5, 1, 1, [(1, 1), (2, 1)]), Written(6, 2, 1, [(1, 1), (2, 1)]),
            ]
        ),
        (
            "three that name each other in a ring",
            [
                Written(5, 1, 1, [(3, 1)]), Written(6, 2, 1, [(1, 1)]), Written(7, 3, 1, [(2, 1)]),
            ]
        ),
        (
            "a ring, and one that names all of it",
            [
                Written(5, 1, 1, [(2, 1)]), Written(6, 2, 1, [(1, 1)]), Written(4, 3, 1, [(1, 1), (2, 1)]),
            ]
        ),
        ("a change that names itself", [Written(5, 1, 1, [(1, 1)]), Written(6, 2, 1, [(1, 1)])]),
        ("of one change with two times the lesser counts", [Written(9, 1, 1), Written(5, 1, 1), Written(7, 2, 1)]),
        (
            "one change in two parts",
            [
                Written(5, 1, 1, [(8, 1)]), Written(5, 1, 6, [(9, 4)]), Written(6, 2, 5, [(1, 5), (8, 1)]),
            ]
        ),
        (
            "everything twice",
            [Written(5, 1, 3), Written(6, 2, 1, [(1, 1)]), Written(5, 1, 3), Written(6, 2, 1, [(1, 1)])]
        ),
        ("the last field", [Written(5, 1, 1 << 63), Written(6, 2, .max, [(1, 1 << 63)])]),
    ]

    @Test("merge.json: what stands, in every order of arrival")
    func merge() throws {
        let documents = Self.cases.map { name, changes -> JSONValue in
            var result: RecordState?
            for order in orders(changes) {
                var state = RecordState()
                // Whatever comes again changes nothing.
                for change in order + order.prefix(1) { state.join(change.entry) }
                #expect(result == nil || result == state, "\(name): another order, another state")
                #expect(RecordState(encoded: state.encoded().span) == state)
                result = state
            }
            let state = result ?? RecordState()
            var winners: [JSONValue] = []
            state.fields.forEach { field in
                winners.append([JSONValue(field), Vectors.number(state.winner(of: field)!.dot.rawValue)])
            }
            return [
                "name": .string(name), "changes": .array(changes.map(\.json)),
                "stands": .array(state.entries.map(Vectors.json)), "shown": .array(winners),
                "contested": Vectors.number(state.contested.rawValue), "stored": Vectors.hex(state.encoded()),
            ]
        }
        let sources = [
            RecordState(), RecordState(RecordState.Entry(5, 1, 3)),
            RecordState(RecordState.Entry(5, 1, 3, [(8, 1), (9, 3)])),
            Self.state([.init(5, 1, 3, [(8, 1)]), .init(6, 2, 5, [(9, 4)])]),
        ]
        let writes = sources.map { state -> JSONValue in
            [
                "stands": .array(state.entries.map(Vectors.json)), "fields": "6",
                "replaced": Vectors.json(state.replaced(byWriting: FieldMask(rawValue: 6))),
            ]
        }
        try Vectors.check("merge.json", ["joins": .array(documents), "writes": .array(writes)])
    }

    private static func state(_ changes: [RecordState.Entry]) -> RecordState {
        var state = RecordState()
        for change in changes { state.join(change) }
        return state
    }

    private func orders(_ changes: [Written]) -> [[Written]] {
        if changes.count < 2 { return [changes] }
        return changes.indices.flatMap { index in
            var rest = changes
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
        }
    }
}

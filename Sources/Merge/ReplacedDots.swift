/// Which writes a change replaces, and in which of its fields: the change's causal context, field by field.
///
/// It holds what stood in the field when somebody wrote there, *and all that those had replaced*: the feed hands out only
/// what stands, so that in X ← Y ← Z a replica that missed Y still learns from Z that X is gone. A new record replaces
/// nothing. One list serves all fields of a change, since fields that are written together mostly replace the same.
///
/// Invariant: in ascending order of dot, no dot twice, no mask empty. Cost: 8 bytes and a mask for each earlier write of
/// the change's fields.
public struct ReplacedDots: Hashable, Sendable {
    public struct Element: Hashable, Sendable {
        public var dot: Dot
        public var fields: FieldMask
        @inlinable public init(dot: Dot, fields: FieldMask) {
            self.dot = dot
            self.fields = fields
        }
    }

    public private(set) var elements: [Element]

    public static let none = ReplacedDots()

    public init() { elements = [] }

    /// From elements that should be in order, as stored and received ones are; nil if they are not.
    public init?(sorted elements: [Element]) {
        var last: Dot?
        for element in elements {
            if element.fields.isEmpty { return nil }
            if let last, element.dot <= last { return nil }
            last = element.dot
        }
        self.elements = elements
    }

    public var isEmpty: Bool { elements.isEmpty }
    public var count: Int { elements.count }

    /// The union of all masks.
    public var fields: FieldMask { elements.reduce(.empty) { $0.union($1.fields) } }

    /// The fields in which a dot is replaced. Cost: logarithmic.
    public func fields(of dot: Dot) -> FieldMask {
        let place = place(of: dot)
        return place < elements.count && elements[place].dot == dot ? elements[place].fields : .empty
    }

    public mutating func insert(_ dot: Dot, fields: FieldMask) {
        if fields.isEmpty { return }
        let place = place(of: dot)
        if place < elements.count, elements[place].dot == dot {
            elements[place].fields.formUnion(fields)
        } else {
            elements.insert(Element(dot: dot, fields: fields), at: place)
        }
    }

    public mutating func formUnion(_ other: ReplacedDots) {
        if other.isEmpty { return }
        if isEmpty {
            self = other
            return
        }
        var merged: [Element] = []
        merged.reserveCapacity(elements.count + other.elements.count)
        var left = elements[...]
        var right = other.elements[...]
        while let first = left.first, let second = right.first {
            if first.dot == second.dot {
                merged.append(Element(dot: first.dot, fields: first.fields.union(second.fields)))
                left = left.dropFirst()
                right = right.dropFirst()
            } else if first.dot < second.dot {
                merged.append(first)
                left = left.dropFirst()
            } else {
                merged.append(second)
                right = right.dropFirst()
            }
        }
        merged.append(contentsOf: left)
        merged.append(contentsOf: right)
        elements = merged
    }

    public func removing(_ dot: Dot) -> ReplacedDots {
        guard !fields(of: dot).isEmpty else { return self }
        var result = self
        result.elements.remove(at: place(of: dot))
        return result
    }

    /// What is replaced in some of the fields only.
    public func intersection(_ fields: FieldMask) -> ReplacedDots {
        if isEmpty || self.fields.isSubset(of: fields) { return self }
        var result = ReplacedDots()
        result.elements = elements.compactMap { element in
            let shared = element.fields.intersection(fields)
            return shared.isEmpty ? nil : Element(dot: element.dot, fields: shared)
        }
        return result
    }

    /// Where the dot stands, or would.
    private func place(of dot: Dot) -> Int {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if elements[middle].dot < dot { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The order of Swedish lists: Å, Ä and Ö behind Z, small and capital letters together, É as E, Ü as Y, Æ as Ä, Ø as Ö; digits
/// before letters, and spaces before both. (Svenska skrivregler; the rules of Sweden's standard for sorting.)
enum SwedishOrder {
    static func isBefore(_ left: String, _ right: String) -> Bool {
        let (first, second) = (key(left), key(right))
        return first == second ? left < right : first.lexicographicallyPrecedes(second)
    }

    /// Compared from the beginning. Cost: in proportion to the text.
    static func key(_ text: String) -> [UInt32] {
        var key: [UInt32] = []
        for character in text.normalForm.lowercased() {
            guard let scalar = character.unicodeScalars.first else { continue }
            switch scalar {
            case "å": key.append(behindZ)
            case "ä", "æ": key.append(behindZ + 1)
            case "ö", "ø", "œ": key.append(behindZ + 2)
            case "ü": key.append(UInt32(UInt8(ascii: "y")))
            case "ß": key += [UInt32(UInt8(ascii: "s")), UInt32(UInt8(ascii: "s"))]
            case _ where scalar.properties.isWhitespace || scalar.properties.isDash: key.append(1)
            // The letter under an accent.
            case _ where scalar.properties.isAlphabetic: key.append(Character(scalar).base.value)
            default: key.append(scalar.value)
            }
        }
        return key
    }

    private static let behindZ = UInt32(UInt8(ascii: "z")) + 1
}

extension Character {
    /// The first scalar of the decomposed form.
    fileprivate var base: Unicode.Scalar { String(self).decomposed.first ?? "\u{0}" }
}

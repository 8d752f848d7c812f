/// Check digits of numbers that people and money are known by. Digits are 0 to 9.
enum CheckDigits {
    /// Whether the last digit is right by the modulus 10 method, weights 2 and 1 from the right (Luhn, ISO/IEC 7812-1).
    static func isLuhn(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        var isDoubled = false
        for digit in digits.reversed() {
            let product = isDoubled ? Int(digit) * 2 : Int(digit)
            sum += product > 9 ? product - 9 : product
            isDoubled.toggle()
        }
        return !digits.isEmpty && sum % 10 == 0
    }

    /// Whether the digits' sum, weighted 1, 2 … 10, 1 … from the right, is divisible by 11 (Bankgirot, *Bankernas
    /// kontonummer*).
    static func isModulus11(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        var weight = 1
        for digit in digits.reversed() {
            sum += Int(digit) * weight
            weight = weight == 10 ? 1 : weight + 1
        }
        return !digits.isEmpty && sum % 11 == 0
    }

    /// Whether an IBAN, small letters and digits as ASCII, is right by ISO 7064 MOD 97-10 (ISO 13616).
    static func isIBAN(_ characters: [UInt8]) -> Bool {
        guard characters.count > 4 else { return false }
        var remainder = 0
        for index in characters.indices {
            // The first four come last.
            let character = characters[(index + 4) % characters.count]
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): remainder = (remainder * 10 + Int(character) - 48) % 97
            case UInt8(ascii: "a")...UInt8(ascii: "z"): remainder = (remainder * 100 + Int(character) - 87) % 97
            default: return false
            }
        }
        return remainder == 1
    }
}

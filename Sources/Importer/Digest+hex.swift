import Crypto
import Domain

extension SHA256.Digest {
  /// Lower-case hexadecimal digits.
  var hex: String { Hex.text(self) }
}

import Foundation

/// NULL-terminated arrays of C strings, for libpq.
enum CStrings {
  static func with<T>(
    _ first: [String], _ second: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?) -> T
  ) -> T {
    var owned: [UnsafeMutablePointer<CChar>?] = []
    defer { owned.forEach { free($0) } }
    func pointers(_ strings: [String]) -> [UnsafePointer<CChar>?] {
      let copies = strings.map { strdup($0) }
      owned += copies
      return copies.map { UnsafePointer($0) } + [nil]
    }
    let (a, b) = (pointers(first), pointers(second))
    return a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in body(a.baseAddress, b.baseAddress) } }
  }
}

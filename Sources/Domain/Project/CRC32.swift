/// CRC-32/ISO-HDLC, that of zip, gzip and Ethernet: polynomial 0x04C11DB7, reflected, all ones in and out.
/// It guards against mistakes, not against attacks.
enum CRC32 {
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
  }
}

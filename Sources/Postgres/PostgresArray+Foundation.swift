package import Foundation

extension UUID: PostgresArrayElement {}
extension TimestampTZ: PostgresArrayElement {}

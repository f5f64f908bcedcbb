import COpenSSL

/// SHA-256 (FIPS 180-4), computed by OpenSSL's libcrypto.
public enum SHA256 {
    /// The digest of `bytes`, as 64 lower case hexadecimal digits.
    public static func hexDigest(of bytes: [UInt8]) -> String {
        let digest = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
            COpenSSL.SHA256(bytes, bytes.count, buffer.baseAddress)
            count = Int(SHA256_DIGEST_LENGTH)
        }
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The digest of the UTF-8 of `text`, as 64 lower case hexadecimal digits.
    public static func hexDigest(of text: String) -> String { hexDigest(of: Array(text.utf8)) }
}

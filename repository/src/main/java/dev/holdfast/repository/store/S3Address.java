package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A place in a bucket of an S3 server: `s3:host/bucket/prefix`, `s3://host/bucket/prefix` or
/// `s3:http://host:port/bucket/prefix`, as restic reads them.
///
/// @param host the server, with its port if it has one
/// @param plainHttp whether the connection is not encrypted
/// @param bucket the bucket's name
/// @param prefix what comes before the names of objects, without `/` at either end; may be empty
public record S3Address(String host, boolean plainHttp, String bucket, String prefix)
    implements StoreAddress {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\-\\[\\]:]+");
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.\\-_]{0,254}");

  public S3Address {
    HostName.require(host, "S3");
    if (!HOST.matcher(host).matches()) {
      throw rejected("names no server that could exist");
    }
    if (bucket.isEmpty()) {
      throw rejected("names no bucket");
    }
    if (!BUCKET.matcher(bucket).matches()) {
      throw rejected("names a bucket that cannot exist");
    }
  }

  /// Reads what comes after `s3:`.
  static S3Address parse(String rest) {
    boolean plainHttp = rest.startsWith("http://");
    String place = rest;
    if (plainHttp || rest.startsWith("https://")) {
      requireHostOnly(rest);
      place = rest.substring(rest.indexOf("//") + 2);
    } else if (rest.startsWith("//")) {
      place = rest.substring(2);
    }
    String host = before(place);
    String bucketAndPrefix = after(place);
    return new S3Address(host, plainHttp, before(bucketAndPrefix), cleaned(after(bucketAndPrefix)));
  }

  /// The part before the first slash.
  private static String before(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }

  /// The part after the first slash.
  private static String after(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? "" : path.substring(slash + 1);
  }

  /// A name and a password in a URL would be left out in silence otherwise.
  private static void requireHostOnly(String url) {
    try {
      if (Optional.ofNullable(new URI(url).getRawUserInfo()).isPresent()) {
        throw new Rejected(
            "the S3 address holds a name or a password before its host",
            "give credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
      }
    } catch (URISyntaxException e) {
      // The parts are checked one by one.
    }
  }

  /// As Go's path.Clean, which restic sends prefixes through.
  private static String cleaned(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (!parts.isEmpty()) {
            parts.removeLast();
          }
        }
        default -> parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private static Rejected rejected(String why) {
    return new Rejected(
        "the S3 address " + why, "write it as s3:HOST/BUCKET/PREFIX or s3:http://HOST/BUCKET");
  }

  @Override
  public String toString() {
    return (plainHttp ? "s3:http://" : "s3:")
        + host
        + "/"
        + bucket
        + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}

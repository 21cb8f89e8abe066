/// Keeps a repository in a bucket of S3, or of a server that speaks its protocol, in restic's
/// layout.
///
/// The only package that knows the AWS SDK; its types do not leave it. Knows names and bytes,
/// nothing of what the bytes mean. Open [dev.holdfast.repository.s3.S3Store] first.
@NullMarked
package dev.holdfast.repository.s3;

import org.jspecify.annotations.NullMarked;

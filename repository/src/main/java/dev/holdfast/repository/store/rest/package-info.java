/// Repositories on servers that speak restic's REST protocol, such as `rest-server` and `rclone
/// serve restic`.
///
/// Knows HTTP and the protocol's names; nothing of what objects hold. Open
/// [dev.holdfast.repository.store.rest.RestStore] first.
@NullMarked
package dev.holdfast.repository.store.rest;

import org.jspecify.annotations.NullMarked;

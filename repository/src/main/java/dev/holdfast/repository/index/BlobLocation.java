package dev.holdfast.repository.index;

import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;

/// One stored copy of a blob.
public record BlobLocation(PackId pack, PackedBlob blob) {}

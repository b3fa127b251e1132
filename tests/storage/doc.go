// Package storage holds pkg/storage against servers that are not written here:
// fake-gcs-server for Google Cloud Storage and Azurite for Azure Blob Storage.
// It is a module of its own, so that the plugin depends on neither. What a
// server cannot play is said where it matters and is covered in pkg/storage by
// handlers that answer as the documentation says.
package storage

//go:build e2e

// Command bench measures the plugin beside kubectl and a bare GET in one run on
// one machine, and prints ratios: only those compare between machines. It needs
// the lab (`make bench`) and writes no file.
//
// It uses the standard library alone, because Linux counts the memory of the
// parent at the time of fork into a child's peak: the parent has to be small.
// The first row of the table shows how much that is.
package main

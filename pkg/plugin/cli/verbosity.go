package cli

import (
	"flag"

	"github.com/spf13/pflag"
	"k8s.io/klog/v2"
)

// verbosity is kubectl's own flag -v, at which client-go says on stderr what it
// asks for. Bodies are read as streams, which it logs at no level.
func verbosity() *pflag.Flag {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	v := pflag.PFlagFromGoFlag(flags.Lookup("v"))
	v.Usage = "The level of the log on stderr: 6 shows each request to the API server, 8 its headers too. Secrets are shown at none."
	return v
}

package system

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// validateRemoval checks what a profile says of deleting and stopping.
func (k *KindSpec) validateRemoval() error {
	for i, d := range k.Delete {
		switch {
		case d.Effect != backup.EffectErases && d.Effect != backup.EffectDeletes:
			return fmt.Errorf("delete[%d].effect: %q is neither deletes nor erases", i, d.Effect)
		case d.Does == "":
			return fmt.Errorf("delete[%d].does is empty", i)
		}
		for _, keep := range d.Keep {
			if err := specOnly(keep.Set); err != nil {
				return fmt.Errorf("delete[%d].keep: %w", i, err)
			}
		}
	}
	for i, kin := range k.Kin {
		switch {
		case kin.Resource == "" || kin.Where == "":
			return fmt.Errorf("kin[%d]: resource and where are both needed", i)
		case kin.Fate != backup.FateGoes && kin.Fate != backup.FateBlocks:
			return fmt.Errorf("kin[%d].fate: %q is neither goes nor blocks", i, kin.Fate)
		}
	}
	for i, c := range k.Cancel {
		if err := specOnly(c.Set); err != nil {
			return fmt.Errorf("cancel[%d]: %w", i, err)
		}
		for _, role := range c.Works {
			if !validWorkRole(role) {
				return fmt.Errorf("cancel[%d].works: %q is no role", i, role)
			}
		}
	}
	return nil
}

// specOnly refuses to set anything but fields of the spec.
func specOnly(fields []FieldSpec) error {
	for _, f := range fields {
		if len(f.Path) <= len("/spec/") || f.Path[:len("/spec/")] != "/spec/" {
			return fmt.Errorf("set: %s is no field of the spec", f.Path)
		}
	}
	return nil
}

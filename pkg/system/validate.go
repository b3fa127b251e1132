package system

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// validate checks what a strict decoding cannot: names and words that the model
// does not have. Expressions are not compiled here.
func (p *Profile) validate() error {
	switch {
	case p.APIVersion != backup.APIVersion:
		return fmt.Errorf("apiVersion is %q, want %q", p.APIVersion, backup.APIVersion)
	case p.Kind != ProfileKind:
		return fmt.Errorf("kind is %q, want %q", p.Kind, ProfileKind)
	case p.Metadata.Name == "":
		return errors.New("metadata.name is empty")
	}
	for i := range p.Spec.Kinds {
		if err := p.Spec.Kinds[i].validate(); err != nil {
			return fmt.Errorf("spec.kinds[%d].%w", i, err)
		}
	}
	for i := range p.Spec.Checks {
		if err := p.Spec.Checks[i].validate(); err != nil {
			return fmt.Errorf("spec.checks[%d].%w", i, err)
		}
	}
	return validateFinalizers(p.Spec.Finalizers)
}

func (k *KindSpec) validate() error {
	roles := []backup.Role{backup.RoleBackup, backup.RoleRestore, backup.RoleSchedule, backup.RoleLocation, backup.RoleWork}
	switch {
	case !slices.Contains(roles, k.Role):
		return fmt.Errorf("role: %q is none of %v", k.Role, roles)
	case k.Match.Resource == "":
		return errors.New("match.resource is empty")
	}
	checks := []func() error{k.validateWords, k.validateWritten, k.validateWorks, k.validateLocations, k.validateArchive, k.validateRemoval}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	for _, hold := range k.Holds {
		if hold.When == "" {
			return fmt.Errorf("holds %s: when is empty", hold.Name)
		}
		if err := validateFinalizers([]FinalizerSpec{hold.FinalizerSpec}); err != nil {
			return err
		}
	}
	return validateFinalizers(k.Finalizers)
}

func (k *KindSpec) validateWords() error {
	phases := []backup.Phase{
		backup.PhaseUnknown, backup.PhasePending, backup.PhaseRunning, backup.PhaseCompleted, backup.PhasePartiallyFailed, backup.PhaseFailed,
		backup.PhaseDeleting, backup.PhaseActive, backup.PhasePaused, backup.PhaseInvalid, backup.PhaseAvailable, backup.PhaseUnavailable,
	}
	for i, rule := range k.Phases {
		if !slices.Contains(phases, rule.Is) {
			return fmt.Errorf("phases[%d].is: %q is none of %v", i, rule.Is, phases)
		}
	}
	states := []backup.DataState{backup.DataUnknown, backup.DataInline, backup.DataMoving, backup.DataMoved, backup.DataFailed, backup.DataNone, FromWorks}
	for i, rule := range k.Data {
		if !slices.Contains(states, rule.Is) {
			return fmt.Errorf("data[%d].is: %q is none of %v", i, rule.Is, states)
		}
	}
	if k.Retention == nil {
		return nil
	}
	for i, rule := range slices.Concat(k.Retention.Policy, k.Retention.Now) {
		if rule.Is != backup.Keeps && rule.Is != backup.Deletes && rule.Is != backup.Depends {
			return fmt.Errorf("retention rule %d: %q is none of Keeps, Deletes, Depends", i, rule.Is)
		}
	}
	return nil
}

func (k *KindSpec) validateWritten() error {
	fromLog := 0
	for i, rule := range k.Written {
		if !slices.Contains([]string{"yes", "no", "unknown"}, rule.Is) {
			return fmt.Errorf("written[%d].is: %q is none of yes, no, unknown", i, rule.Is)
		}
		if searches := rule.Log != "" || rule.Message != ""; searches != (len(rule.Patterns) > 0) {
			return fmt.Errorf("written[%d]: patterns and a log or message to search go together", i)
		}
		if _, err := patterns(rule.Patterns); err != nil {
			return fmt.Errorf("written[%d].%w", i, err)
		}
		if rule.Log != "" && rule.Is == "no" {
			fromLog++
		}
	}
	if fromLog > 1 {
		return errors.New("written: more than one rule says no from a log")
	}
	return nil
}

func patterns(texts []string) ([]*regexp.Regexp, error) {
	out := make([]*regexp.Regexp, 0, len(texts))
	for i, text := range texts {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("patterns[%d]: %w", i, err)
		}
		out = append(out, re)
	}
	return out, nil
}

func (k *KindSpec) validateWorks() error {
	for i, w := range k.Works {
		if !validWorkRole(w.Role) {
			return fmt.Errorf("works[%d].role: %q is none of run, stop, clean, move", i, w.Role)
		}
		if _, err := duration(w.Usual); err != nil {
			return fmt.Errorf("works[%d].usual: %w", i, err)
		}
	}
	return nil
}

func validWorkRole(role backup.WorkRole) bool {
	return slices.Contains([]backup.WorkRole{backup.WorkRun, backup.WorkStop, backup.WorkClean, backup.WorkMove}, role)
}

func (k *KindSpec) validateLocations() error {
	for i, l := range k.Locations {
		if l.Provider == "" {
			return fmt.Errorf("locations[%d].provider is empty", i)
		}
		if l.Layout != "" && l.Layout != backup.LayoutExclusive && l.Layout != backup.LayoutShared {
			return fmt.Errorf("locations[%d].layout: %q is neither exclusive nor shared", i, l.Layout)
		}
		if _, err := duration(l.Lag); err != nil {
			return fmt.Errorf("locations[%d].lag: %w", i, err)
		}
		for _, m := range l.Markers {
			if _, err := duration(m.LockTTL); err != nil {
				return fmt.Errorf("locations[%d].markers.lockTTL: %w", i, err)
			}
		}
	}
	return nil
}

func validateFinalizers(rules []FinalizerSpec) error {
	for _, rule := range rules {
		if rule.Name == "" || rule.Name == "*" {
			return fmt.Errorf("finalizers: %q is no name", rule.Name)
		}
		if err := validateBlockers(rule.Blockers); err != nil {
			return fmt.Errorf("finalizers %s: %w", rule.Name, err)
		}
		for _, way := range rule.Ways {
			effects := []backup.Effect{backup.EffectWaits, backup.EffectReleases, backup.EffectStrips, backup.EffectErases}
			if way.Name == "" || !slices.Contains(effects, way.Effect) {
				return fmt.Errorf("finalizers %s: way %q has the effect %q, which is none of %v", rule.Name, way.Name, way.Effect, effects)
			}
			if way.DeleteJob != "" && !validWorkRole(way.DeleteJob) {
				return fmt.Errorf("finalizers %s: way %s deletes the Job of %q, which is no role", rule.Name, way.Name, way.DeleteJob)
			}
		}
	}
	return nil
}

// duration reads a literal duration; empty is zero.
func duration(text string) (backup.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	return backup.Duration(d), err
}

package system

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cron is a schedule of five fields as robfig/cron/v3 reads it in its standard
// form, which is what Velero and most operators use; every is the interval of
// "@every 1h" in its place.
type cron struct {
	minutes, hours, days, months, weekdays field
	every                                  time.Duration
	zone                                   *time.Location
	named                                  bool // the expression names the zone
}

// field are the values that a field takes. Open is "*", which matters for days:
// with one of the two day fields open, only the other one counts.
type field struct {
	values []int
	open   bool
}

// cronYears is how far ahead a run is looked for: the 29th of February on a
// certain weekday comes within 28 years, but one that is years away is as good as never.
const cronYears = 5

// parseCron reads a cron expression.
func parseCron(text string) (*cron, error) {
	c := &cron{zone: time.UTC}
	text = strings.TrimSpace(text)
	for _, prefix := range []string{"CRON_TZ=", "TZ="} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			name, spec, _ := strings.Cut(rest, " ")
			zone, err := time.LoadLocation(name)
			if err != nil {
				return nil, fmt.Errorf("cron expression %q: %w", text, err)
			}
			c.zone, c.named, text = zone, true, strings.TrimSpace(spec)
		}
	}
	if every, ok := strings.CutPrefix(text, "@every "); ok {
		d, err := time.ParseDuration(strings.TrimSpace(every))
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("cron expression %q: no interval", text)
		}
		c.every = max(d.Truncate(time.Second), time.Second)
		return c, nil
	}
	if spec, ok := cronWords()[text]; ok {
		text = spec
	}
	return c, c.read(strings.Fields(text))
}

func cronWords() map[string]string {
	return map[string]string{
		"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
		"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
	}
}

func (c *cron) read(fields []string) error {
	if len(fields) != 5 {
		return fmt.Errorf("a cron expression has five fields, not %d", len(fields))
	}
	months := strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")
	weekdays := strings.Fields("sun mon tue wed thu fri sat")
	for i, part := range []struct {
		into     *field
		from, to int
		names    []string
	}{
		{&c.minutes, 0, 59, nil}, {&c.hours, 0, 23, nil}, {&c.days, 1, 31, nil},
		{&c.months, 1, 12, months}, {&c.weekdays, 0, 6, weekdays},
	} {
		for term := range strings.SplitSeq(fields[i], ",") {
			if err := part.into.add(term, part.from, part.to, part.names); err != nil {
				return fmt.Errorf("cron field %q: %w", fields[i], err)
			}
		}
	}
	return nil
}

// add reads one term: "*", "5", "1-5", and each of them with a step.
func (f *field) add(term string, from, to int, names []string) error {
	span, stepText, stepped := strings.Cut(term, "/")
	step, err := 1, error(nil)
	if stepped {
		if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
			return errors.New("no step")
		}
	}
	low, high := from, to
	if span == "*" || span == "?" {
		f.open = f.open || step == 1
	} else {
		first, last, ranged := strings.Cut(span, "-")
		if low, err = cronNumber(first, from, names); err != nil {
			return err
		}
		switch {
		case ranged:
			if high, err = cronNumber(last, from, names); err != nil {
				return err
			}
		case !stepped:
			high = low
		}
	}
	if low < from || high > to || low > high {
		return fmt.Errorf("it is not between %d and %d", from, to)
	}
	for value := low; value <= high; value += step {
		f.values = append(f.values, value)
	}
	return nil
}

// cronNumber reads a number, or the name of a month or a weekday.
func cronNumber(text string, from int, names []string) (int, error) {
	if i := slices.Index(names, strings.ToLower(text)); i >= 0 {
		return from + i, nil
	}
	return strconv.Atoi(text)
}

// next is the first run after a time, in whole minutes; false if there is none
// for years.
func (c *cron) next(after time.Time) (time.Time, bool) {
	if c.every > 0 {
		return after.Add(c.every), true
	}
	t := after.In(c.zone).Truncate(time.Minute).Add(time.Minute)
	for end := t.AddDate(cronYears, 0, 0); t.Before(end); {
		switch {
		case !slices.Contains(c.months.values, int(t.Month())) || !c.day(t):
			t = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, c.zone)
		case !slices.Contains(c.hours.values, t.Hour()):
			t = t.Truncate(time.Minute).Add(time.Duration(60-t.Minute()) * time.Minute)
		case !slices.Contains(c.minutes.values, t.Minute()):
			t = t.Add(time.Minute)
		default:
			return t, true
		}
	}
	return time.Time{}, false
}

// day tells whether a run may be on the day: of two day fields that both say
// something, one is enough.
func (c *cron) day(t time.Time) bool {
	day, weekday := slices.Contains(c.days.values, t.Day()), slices.Contains(c.weekdays.values, int(t.Weekday()))
	if c.days.open || c.weekdays.open {
		return day && weekday
	}
	return day || weekday
}

package render

// Text shows a line of words on a terminal; elsewhere it prints nothing.
func (p *Progress) Text(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.on && p.style.Width > 0 {
		p.overwrite(clip(line, p.style.Width-1))
	}
}

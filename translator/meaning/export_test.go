package meaning

// Steps gives how many expressions and statements the analysis has run.
func (p *Program) Steps() int { return p.in.steps }

// Rounds gives how often it has run the program.
func (p *Program) Rounds() int { return p.in.round }

package main

// Settings are what a user can choose about a translation itself. Flags fill
// them; whatever else may fill them one day does so here.
type Settings struct {
	To      string // name of the target
	Storage string // "register" or "default"
	Notes   bool   // notes of the verdict review go into the code as comments
	Jobs    int    // files worked on at once; 0 means one for each processor
}

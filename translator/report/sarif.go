package report

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"pyxlate/translator/document"
)

// What SARIF 2.1.0 (OASIS standard, 27 March 2020) needs for these reports.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		ColumnKind  string            `json:"columnKind"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID     string          `json:"ruleId"`
		RuleIndex  int             `json:"ruleIndex"`
		Level      string          `json:"level"`
		Message    sarifMessage    `json:"message"`
		Locations  []sarifLocation `json:"locations"`
		Properties sarifProperties `json:"properties"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		Name string `json:"name"`
	}
	sarifProperties struct {
		Verdict Verdict `json:"verdict"`
		Symbol  string  `json:"symbol,omitempty"`
	}
)

// SARIF prints the report for services that show results of static analysis.
// The lines of a notebook count from the start of a cell, which SARIF has no
// word for: there the cell is a logical location and the message has the line.
func SARIF(w io.Writer, r *Report) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "pyxlate", Version: r.Tool, Rules: []sarifRule{}}},
		ColumnKind:  "unicodeCodePoints",
		Invocations: []sarifInvocation{{Successful: true}},
		Results:     []sarifResult{},
	}
	index := map[string]int{}
	for i, row := range r.byCode() {
		index[row.Code] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{row.Code})
	}
	for _, f := range r.Files {
		place := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{fileURI(f.Path)}}}
		if f.Err != nil {
			run.Invocations[0].Successful = false
			run.Invocations[0].Notifications = append(run.Invocations[0].Notifications,
				sarifNotification{"error", sarifMessage{f.Err.Error()}, []sarifLocation{place}})
		}
		for _, x := range f.Warnings {
			run.Invocations[0].Notifications = append(run.Invocations[0].Notifications,
				sarifNotification{"warning", sarifMessage{f.place(x.Cell, x.Line, x.Column) + ": " + x.Message}, []sarifLocation{place}})
		}
	}
	log := sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	}
	return writeJSON(w, log, 3, func(yield func(any) bool) {
		for i := range r.Files {
			for _, x := range r.Files[i].Findings {
				if !yield(sarifResultOf(&r.Files[i], x, index[x.Code])) {
					return
				}
			}
		}
	})
}

func sarifResultOf(f *File, x Finding, rule int) sarifResult {
	at, text := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{fileURI(f.Path)}}}, x.Message
	if f.Kind == document.Notebook {
		text = fmt.Sprintf("cell %d, line %d: %s", x.Cell, x.Line, text)
		at.Logical = []sarifLogical{{fmt.Sprintf("cell %d", x.Cell)}}
	} else {
		at.Physical.Region = &sarifRegion{x.Line, x.Column, x.EndLine, x.EndColumn}
	}
	level := map[Verdict]string{Migrated: "note", Review: "warning"}[x.Verdict]
	if level == "" {
		level = "error"
	}
	return sarifResult{
		x.Code, rule, level, sarifMessage{text}, []sarifLocation{at}, sarifProperties{x.Verdict, x.Symbol},
	}
}

// fileURI writes a path as a URI, relative where the path is.
func fileURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}

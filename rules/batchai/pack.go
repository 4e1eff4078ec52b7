// Package batchai is the pack for the retired Azure Batch AI SDK: its rules are
// data in the YAML files beside this one, and the functions here are what data
// cannot say.
//
// It owes rules that are right about both SDKs. It must not know syntax trees,
// documents or how a rule is carried out: a function sees values and answers
// with terms.
package batchai

import (
	"embed"

	"pyxlate/rules"
	"pyxlate/rules/ir"
)

//go:embed *.yaml */*.yaml
var sources embed.FS

// compiled is what rules.Compile has made of the files; `make update` writes it.
//
//go:embed compiled.txt
var compiled string

// Funcs are the functions that rules name.
var Funcs = map[string]ir.Func{
	"adalSignIn":         adalSignIn,
	"cancelRuns":         cancelRuns,
	"chain":              chain,
	"jobErrors":          jobErrors,
	"className":          className,
	"configuration":      configuration,
	"createDirectory":    createDirectory,
	"storageCall":        storageCall,
	"deleteStorage":      deleteStorage,
	"createContainer":    createContainer,
	"createShare":        createShare,
	"downloadFile":       downloadFile,
	"exception":          exception,
	"exceptionStatus":    exceptionStatus,
	"fileAddress":        fileAddress,
	"fileName":           fileName,
	"files":              files,
	"generateJobs":       generateJobs,
	"job":                sweepJob,
	"jobName":            jobName,
	"jobNodes":           jobNodes,
	"metric":             metric,
	"metrics":            metrics,
	"modelDict":          modelDict,
	"pollerDone":         pollerDone,
	"pollerResult":       pollerResult,
	"printClusterStatus": printClusterStatus,
	"runTime":            runTime,
	"runVariable":        runVariable,
	"setVariable":        SetVariable,
	"resourceGroup":      resourceGroup,
	"servicePrincipal":   servicePrincipal,
	"setupTask":          setupTask,
	"subnet":             subnet,
	"tail":               tail,
	"toolLine":           toolLine,
	"uploadBlob":         uploadBlob,
	"uploadFile":         uploadFile,
	"uploadSample":       uploadSample,
	"waitForRuns":        waitForRuns,
	"vmImage":            vmImage,
	"vmSize":             vmSize,
}

// Derive are the functions that resources name.
var Derive = map[string]rules.DeriveFunc{
	"computeName":        computeName,
	"containerDatastore": containerDatastore,
	"shareDatastore":     shareDatastore,
}

// Folder is where the pack is.
var Folder = rules.Folder{FS: sources, Root: ".", Funcs: Funcs, Derive: Derive, Compiled: compiled}

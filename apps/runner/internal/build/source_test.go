package build

import "testing"

func TestNamesOfTheRunnersOwnFilesAreTaken(t *testing.T) {
	for name, taken := range map[string]bool{
		"zz_lineage_x.go": true, "zz_lineage_main/x.go": true, "a/zz_lineage_main/b/x.go": true, "a/zz_lineage_x.go": true, "a_zz_lineage_/x.go": false,
	} {
		if problem := CheckFiles([]File{{Path: name}}); (problem != nil) != taken {
			t.Errorf("%s: %v", name, problem)
		}
	}
}

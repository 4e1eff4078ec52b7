package todo_test

import _ "pyxlate/translator/check/golden" // -update, so that it may be given to all packages at once

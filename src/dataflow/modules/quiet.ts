import type { Expr, Stmt } from "../../python/ir.ts";
import { childExprs } from "../../python/walk.ts";
import { mainGuard } from "./main-guard.ts";

/** Calls that make a value and do nothing else, by the last part of their name. */
const makers = new Set(
  (
    "Path PurePath compile getLogger namedtuple NamedTuple TypeVar ParamSpec NewType Enum frozenset set dict list tuple str int float bool bytes " +
    "len range sorted reversed zip map filter enumerate min max sum abs round isinstance type object " +
    "join abspath realpath dirname basename normpath expanduser split splitext resolve absolute joinpath with_suffix with_name as_posix cwd getcwd " +
    "partial OrderedDict defaultdict Counter deque array arange linspace zeros ones eye asarray float32 float64 int32 int64 datetime date timedelta " +
    "Timestamp Decimal Fraction ListedColormap LinearSegmentedColormap cycler field " +
    "format lower upper strip lstrip rstrip replace keys values items copy get title capitalize startswith endswith encode decode"
  ).split(" "),
);

const plainDecorators = new Set(
  (
    "property staticmethod classmethod dataclass lru_cache cache cached_property wraps contextmanager njit jit abstractmethod " +
    "total_ordering overload setter getter deleter unique final override"
  ).split(" "),
);

function lastName(expr: Expr): string {
  if (expr.kind === "call") return lastName(expr.func);
  return expr.kind === "attribute" ? expr.attr : expr.kind === "name" ? expr.id : "";
}

/** True for an expression that only makes a value: leaving it out, or running it at another time, changes nothing else. */
function isQuietExpr(expr: Expr): boolean {
  if (expr.kind === "call" && !makers.has(lastName(expr.func))) return false;
  if (expr.kind === "await" || expr.kind === "yield" || expr.kind === "walrus") return false;
  if (expr.kind === "lambda") return true;
  return childExprs(expr).every(isQuietExpr);
}

function isPlainTarget(target: Expr): boolean {
  if (target.kind === "name") return true;
  return (target.kind === "tuple" || target.kind === "list") && target.items.every(isPlainTarget);
}

/** `if TYPE_CHECKING:` and `if __name__ == "__main__":`, whose bodies an import leaves alone. */
export function isSkippedOnImport(stmt: Stmt): boolean {
  if (stmt.kind !== "if" || stmt.otherwise.length > 0) return false;
  return lastName(stmt.test) === "TYPE_CHECKING" || mainGuard(stmt);
}

/**
 * True for a statement of a module that only defines names: it may be left out where nobody needs them, and may run earlier. Anything
 * else (a call for its effect, a change of an object, a loop) is kept where it stands.
 */
export function isQuiet(stmt: Stmt): boolean {
  switch (stmt.kind) {
    case "import":
    case "importfrom":
    case "pass":
    case "typealias":
      return true;
    case "expr":
      return stmt.value.kind === "constant";
    case "assign":
      return stmt.targets.every(isPlainTarget) && isQuietExpr(stmt.value);
    case "annassign":
      return isPlainTarget(stmt.target) && (stmt.value === undefined || isQuietExpr(stmt.value));
    case "augassign":
      return stmt.target.kind === "name" && isQuietExpr(stmt.value);
    case "function":
      return (
        stmt.decorators.every((decorator) => plainDecorators.has(lastName(decorator))) &&
        stmt.params.every((param) => param.default === undefined || isQuietExpr(param.default))
      );
    case "class":
      return (
        stmt.decorators.every((decorator) => plainDecorators.has(lastName(decorator))) &&
        stmt.keywords.length === 0 &&
        stmt.bases.every(isQuietExpr) &&
        stmt.body.every((inner) => isQuiet(inner) && !(inner.kind === "function" && inner.name === "__init_subclass__"))
      );
    case "if":
      return isSkippedOnImport(stmt) || (isQuietExpr(stmt.test) && [...stmt.body, ...stmt.otherwise].every(isQuiet));
    case "try":
      return [
        ...stmt.body,
        ...stmt.handlers.flatMap((handler) => handler.body),
        ...stmt.otherwise,
        ...stmt.finally,
      ].every(isQuiet);
    default:
      return false;
  }
}

import fc from "fast-check";
import { closingBracket, codeOnly, withoutComments } from "../../../src/adopt/source/elixir-source";

describe("codeOnly", () => {
  it.each([
    ["a comment", "a # [b\nc", "a     \nc"],
    ["a string with an escaped quote", 'x = "a\\"[" <> y', "x =        <> y"],
    ["an interpolation with a string in it", '"#{f("}")}" + z', "            + z"],
    ["a heredoc", 'a """\n[ "b\n""" c', "a    \n    \n    c"],
    ["a sigil with quotes", '~r"a#[b]"E, c', "         E, c"],
    ["a sigil with brackets", "~w(a [ b) ++ c", "          ++ c"],
    ["a sigil without interpolation", "~S(#{) + a", "       + a"],
    ["a character literal", '[?", ?#, ?\\", a]', "[  ,   ,    , a]"],
    ["a function that ends in a question mark", 'a?("x")', "a?(   )"],
    ["a keyword that ends in a question mark", "[ólá?: 0]", "[ólá?: 0]"],
    ["a quoted keyword", '"a.b": [1]', "     : [1]"],
  ])("blanks %s", (_, source, code) => {
    expect(codeOnly(source)).toBe(code);
  });

  it("keeps every position and every line, whatever the text", () => {
    const unit = fc.constantFrom(..."\"'#{}\\\n~sS()[]?a ");
    const text = fc.string({ unit, maxLength: 60 });
    fc.assert(
      fc.property(text, (source) => {
        const code = codeOnly(source);
        expect(code).toHaveLength(source.length);
        expect([...code.matchAll(/\n/g)].map(({ index }) => index)).toEqual(
          [...source.matchAll(/\n/g)].map(({ index }) => index),
        );
      }),
    );
  });
});

describe("withoutComments", () => {
  it("keeps quoted text, including a #", () => {
    expect(withoutComments('a = "# b" # "c"\n# d')).toBe('a = "# b"      \n   ');
  });
});

describe("closingBracket", () => {
  it("finds the one that belongs to the opening one", () => {
    expect(closingBracket("[{a, [b]}, c] ++ [d]", 0)).toBe(12);
  });

  it("finds none where brackets don't match", () => {
    expect(closingBracket("[(a]", 0)).toBe(-1);
  });
});

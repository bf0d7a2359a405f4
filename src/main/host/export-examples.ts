/** `example.mjs` of an export with ONNX. Written so that it runs as it stands; a test does that. */
export const nodeExample = `// Gives labels to texts with this folder's model, without Thaw. Once:  npm install onnxruntime-node
// Then:  node example.mjs "a text" "another text"
import * as ort from 'onnxruntime-node';
import { openClassifier } from './thaw-classifier.mjs';

const classifier = await openClassifier(ort, new URL('.', import.meta.url));
const texts = process.argv.slice(2);
if (texts.length === 0) texts.push('This is a text.');
// A model of several columns takes a list for each text, in the order of classifier.columns.
for (const [i, answer] of (await classifier.predict(texts)).entries()) {
  const [best] = answer.labels;
  const given = classifier.multiLabel ? answer.given.join(', ') : answer.label;
  console.log(JSON.stringify({ text: texts[i], label: given, best: best.label, probability: best.probability }));
}
`;

/** `example.html` of an export with ONNX. */
export const browserExample = `<!doctype html>
<!-- Gives labels to texts in the browser; nothing that is typed leaves it. Put the files of onnxruntime-web beside this
     folder's (npm install onnxruntime-web copies them to node_modules/onnxruntime-web/dist), and serve the folder, for
     instance with: npx serve -->
<html lang="en">
  <meta charset="utf-8" />
  <title>Text classifier</title>
  <label for="text">Text</label>
  <textarea id="text" rows="4" cols="60"></textarea>
  <pre id="answer">Loading the model …</pre>
  <script type="module">
    import * as ort from './node_modules/onnxruntime-web/dist/ort.wasm.min.mjs';
    import { openClassifier } from './thaw-classifier.mjs';

    const text = document.getElementById('text');
    const answer = document.getElementById('answer');
    const classifier = await openClassifier(ort, '.');
    let newest = 0;
    async function show() {
      const own = ++newest;
      const [said] = await classifier.predict([text.value]);
      if (own !== newest) return; // something was typed meanwhile
      answer.textContent = said.labels.map((one) => \`\${(100 * one.probability).toFixed(1).padStart(5)} %  \${one.label}\`).join('\\n');
    }
    text.addEventListener('input', show);
    await show();
  </script>
</html>
`;

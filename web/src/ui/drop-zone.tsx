import { Button } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import styles from './drop-zone.module.css';

type Props = {
  title: string;
  hint: string;
  choose: string;
  accept?: string;
  disabled?: boolean;
  onFile: (file: File) => void;
};

/** A place to drop a file on, with a button that opens the file chooser instead. */
export function DropZone({ title, hint, choose, accept, disabled, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  function take(files: FileList | null | undefined) {
    const file = files?.[0];
    if (file && !disabled) onFile(file);
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard
    <div
      className={styles.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <span className={styles.icon}>
        <IconUpload size={26} stroke={1.75} aria-hidden />
      </span>
      <strong className={styles.title}>{title}</strong>
      <Button disabled={disabled ?? false} onClick={() => input.current?.click()}>
        {choose}
      </Button>
      <p className={styles.hint}>{hint}</p>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={choose}
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
